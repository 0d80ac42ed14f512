import { useSyncExternalStore } from 'react';

/** What somebody chose for this browser. */
export interface Preferences {
  readonly theme: 'system' | 'light' | 'dark';
  readonly contrast: 'system' | 'more';
  readonly density: 'comfortable' | 'compact';
  readonly motion: 'system' | 'reduced';
}

const initial: Preferences = {
  theme: 'system',
  contrast: 'system',
  density: 'comfortable',
  motion: 'system',
};
const key = 'parley.preferences';
const listeners = new Set<() => void>();
let current = read();

/** A browser may forbid it to keep anything, and what is kept may be of another version. */
function read(): Preferences {
  try {
    const kept: unknown = JSON.parse(localStorage.getItem(key) ?? '{}');
    return typeof kept === 'object' ? { ...initial, ...kept } : initial;
  } catch {
    return initial;
  }
}

/** The style sheets look at the root alone. */
export function applyPreferences(): void {
  for (const [name, value] of Object.entries(current)) document.documentElement.dataset[name] = value;
}

export function setPreference<Name extends keyof Preferences>(name: Name, value: Preferences[Name]): void {
  current = { ...current, [name]: value };
  try {
    localStorage.setItem(key, JSON.stringify(current));
  } catch {
    // It holds until the page is closed.
  }
  applyPreferences();
  for (const listener of listeners) listener();
}

export function usePreferences(): Preferences {
  return useSyncExternalStore(
    (listener) => {
      listeners.add(listener);
      return () => void listeners.delete(listener);
    },
    () => current,
  );
}
