import { latency } from './pictures.ts';
import type { Scene } from './step.ts';

/** What happens at once, so that whoever comes finds something under way. */
export const prologue: Scene = [
  {
    who: 'kepler',
    in: 'general',
    as: 'chart',
    thinks: ['The same load as last week, so that the two lines can be compared.'],
    uses: [
      {
        text: 'Asked for the times of a day',
        tool: 'sql',
        input: { query: 'select hour, p95 from latency where day = current_date' },
        result: '24 rows',
      },
    ],
    shows: latency,
    says: 'The first numbers of 2.4, from the machine that tries it out: **41 ms** at p95 where it was 84.',
  },
  { who: 'atlas', in: 'general', reacts: { to: 'chart', emoji: '🚀' } },
  { who: 'orla', in: 'general', reacts: { to: 'chart', emoji: '🚀' } },
  { who: 'juno', in: 'general', reacts: { to: 'chart', emoji: '📈' } },
  { who: 'orla', in: 'general', thread: 'chart', says: 'What is the bump at noon?' },
  {
    who: 'kepler',
    in: 'general',
    thread: 'chart',
    says: 'The report that everybody opens at noon. It was a mountain before.',
  },
];

/** To the one who owns the workspace, in a conversation of two. */
export const welcome =
  'Hello! I am Echo. All of us here follow a script, and you are the only one who does not: write to me, or mention anybody, and see what happens.';
