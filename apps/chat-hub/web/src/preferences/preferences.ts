import { keep, readKept } from '../hub/keep.ts';
import { createValue } from '../hub/value.ts';

/** What somebody chose for this browser. */
export interface Preferences {
  readonly theme: 'system' | 'light' | 'dark';
  readonly contrast: 'system' | 'more';
  readonly density: 'comfortable' | 'compact';
  readonly motion: 'system' | 'reduced';
  /** How the time of day is written. */
  readonly clock: 'system' | '12' | '24';
}

const initial: Preferences = {
  theme: 'system',
  contrast: 'system',
  density: 'comfortable',
  motion: 'system',
  clock: 'system',
};
const key = 'parley.preferences';
const current = createValue(read());

function read(): Preferences {
  const kept = readKept(key);
  return typeof kept === 'object' ? { ...initial, ...kept } : initial;
}

/** The style sheets look at the root alone. */
export function applyPreferences(): void {
  for (const [name, value] of Object.entries(current.get())) document.documentElement.dataset[name] = value;
}

export function setPreference<Name extends keyof Preferences>(name: Name, value: Preferences[Name]): void {
  current.set({ ...current.get(), [name]: value });
  keep(key, current.get());
  applyPreferences();
}

export const preferences = current.get;
export const usePreferences = current.use;
