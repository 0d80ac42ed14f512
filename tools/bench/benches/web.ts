import type { Goal, Scenario } from '../src/scenario.ts';
import { inBrowser } from './web/page-process.ts';

interface Measured {
  readonly unit: string;
  /** Through a long channel it takes minutes. @default 3 */
  readonly rounds?: number;
  readonly goals: readonly Goal[];
}

const measured: Readonly<Record<string, Measured>> = {
  /** JavaScript that a page needs to show a channel, compressed. */
  'first-load': { unit: 'kB', goals: [{ atMost: 150 }] },
  /** Tasks above 50 ms while 50,000 messages are scrolled through, faster than a held page key does. */
  scrolling: { unit: 'tasks', rounds: 2, goals: [{ atMost: 0 }, { of: 'rows', atMost: 200 }] },
  /** The same at almost two screens with each picture, as when the bar is pulled. */
  racing: { unit: 'tasks', rounds: 2, goals: [{ of: 'rows', atMost: 200 }] },
  /** From another client to the screen, 19 of 20. */
  arrival: { unit: 'ms', goals: [{ atMost: 100 }] },
  /** A key, while a thousand messages a second go to other channels, 19 of 20. */
  typing: { unit: 'ms', goals: [{ atMost: 50 }, { of: 'messagesPerSecond', atLeast: 900 }] },
};

/** The pages of the hub, in Chromium before a real hub. */
export const scenarios: readonly Scenario[] = Object.entries(measured).map(
  ([id, { unit, rounds = 3, goals }]) => ({
    id,
    unit,
    better: 'lower',
    load: { kind: 'measure' },
    subjects: { ours: inBrowser(id) },
    rounds,
    deadlineMs: 1_800_000,
    goals,
  }),
);
