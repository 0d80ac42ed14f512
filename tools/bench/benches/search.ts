import type { Scenario, Subject } from '../src/scenario.ts';
import { searches } from './search/ask.ts';
import { word } from './search/words.ts';

const frequent = (nth: number): string => word(1 + (nth % 40));
const usual = (nth: number): string => word(300 + ((nth * 37) % 3_000));
const rare = (nth: number): string => word(20_000 + ((nth * 37) % 29_000));

const questions: Readonly<Record<string, Subject>> = {
  frequent: searches(frequent),
  usual: searches(usual),
  rare: searches(rare),
  'two-words': searches((nth) => `${frequent(nth)} ${usual(nth)}`),
  phrase: searches((nth) => `"${frequent(nth)} ${usual(nth)}"`),
  'frequent-phrase': searches((nth) => `"${frequent(nth)} ${frequent(nth * 7 + 3)}"`),
  prefix: searches((nth) => `${usual(nth)}*`),
  filters: searches((nth) => `${frequent(nth)} from:u${1 + (nth % 120)} in:c${1 + (nth % 200)}`),
  'long-ago': searches((nth) => `${usual(nth)} before:2023-11-${16 + (nth % 10)}`),
  left: searches((nth) => `from:u121${nth % 2 === 0 ? '' : ` ${frequent(nth)}`}`),
  'few-channels': searches(frequent, 'aside'),
  'few-channels-rare': searches(rare, 'aside'),
};

/** Search in a hub with a million messages (`SEARCH_MESSAGES=50000`: with fewer), on Postgres, over HTTP. */
export const scenarios: readonly Scenario[] = Object.entries(questions).map(([id, ours]) => ({
  id,
  unit: 'ms',
  better: 'lower',
  load: { kind: 'measure' },
  subjects: { ours },
  servers: ['postgres'],
  rounds: 3,
  deadlineMs: 1_800_000,
  goals: [{ atMost: 200 }],
}));
