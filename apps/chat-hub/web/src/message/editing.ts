import { useSyncExternalStore } from 'react';

const listeners = new Set<() => void>();
let edited: string | undefined;
/** What was typed so far, by message: a row that leaves the screen takes nothing with it. */
const texts = new Map<string, EditedText>();

export interface EditedText {
  readonly text: string;
  /** What the message said when it was begun. */
  readonly from: string;
}

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

export const editedText = (messageId: string): EditedText | undefined => texts.get(messageId);
export const keepEditedText = (messageId: string, text: EditedText): void => void texts.set(messageId, text);

/** It is saved, or given up. */
export function endEdit(messageId: string): void {
  texts.delete(messageId);
  if (edited === messageId) edit(undefined);
}
