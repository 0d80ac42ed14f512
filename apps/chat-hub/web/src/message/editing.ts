import { useSyncExternalStore } from 'react';

const listeners = new Set<() => void>();
let edited: string | undefined;

/** Which message somebody changes: one at a time. */
export function edit(messageId: string | undefined): void {
  edited = messageId;
  for (const listener of listeners) listener();
}

export function useEdited(): string | undefined {
  return useSyncExternalStore(
    (listener) => {
      listeners.add(listener);
      return () => void listeners.delete(listener);
    },
    () => edited,
  );
}
