import { useSyncExternalStore } from 'react';

/** What somebody does with emoji, in this browser. */
export interface Habits {
  /** How often each was used. */
  readonly uses: Readonly<Record<string, number>>;
  /** The latest first. */
  readonly recent: readonly string[];
  /** From 0, which is no tone, to 5. */
  readonly tone: number;
}

const key = 'parley.emoji';
const mostRecent = 24;
const mostCounted = 100;
const usual = ['👍', '🎉', '❤️'];
const listeners = new Set<() => void>();
let current = read();

function read(): Habits {
  const none: Habits = { uses: {}, recent: [], tone: 0 };
  try {
    const kept: unknown = JSON.parse(localStorage.getItem(key) ?? '{}');
    if (typeof kept !== 'object' || kept === null) return none;
    const { uses = {}, recent = [], tone = 0 }: Record<string, unknown> = { ...kept };
    return {
      uses: Object.fromEntries(
        Object.entries(Object(uses)).flatMap(([sign, count]) =>
          typeof count === 'number' ? [[sign, count]] : [],
        ),
      ),
      recent: Array.isArray(recent) ? recent.filter((sign) => typeof sign === 'string') : [],
      tone: typeof tone === 'number' && tone >= 0 && tone <= 5 ? tone : 0,
    };
  } catch {
    return none;
  }
}

function change(next: Habits): void {
  current = next;
  try {
    localStorage.setItem(key, JSON.stringify(next));
  } catch {
    // It holds until the page is closed.
  }
  for (const listener of listeners) listener();
}

export function noteUse(sign: string): void {
  const uses = { ...current.uses, [sign]: (current.uses[sign] ?? 0) + 1 };
  const kept = Object.entries(uses)
    .toSorted(([, a], [, b]) => b - a)
    .slice(0, mostCounted);
  change({
    ...current,
    uses: Object.fromEntries(kept),
    recent: [sign, ...current.recent.filter((other) => other !== sign)].slice(0, mostRecent),
  });
}

export const setTone = (tone: number): void => change({ ...current, tone });

export const chosenTone = (): number => current.tone;

export function useHabits(): Habits {
  return useSyncExternalStore(
    (listener) => {
      listeners.add(listener);
      return () => void listeners.delete(listener);
    },
    () => current,
  );
}

/** The few that somebody uses most. */
export function favourites({ uses }: Habits, count: number): readonly string[] {
  const most = Object.entries(uses)
    .toSorted(([, a], [, b]) => b - a)
    .map(([sign]) => sign);
  return [...new Set([...most.slice(0, count), ...usual])].slice(0, count);
}
