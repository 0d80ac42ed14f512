import type { Scenario } from '../../src/scenario.ts';

const nothing = () => ({ op: () => 1 });
const scenario = {
  unit: 'x',
  better: 'higher',
  load: { kind: 'measure' },
  subjects: { ours: nothing },
} as const;

export const scenarios: readonly Scenario[] = [
  { ...scenario, id: 'twice' },
  { ...scenario, id: 'twice' },
  { ...scenario, id: '$meta' },
  { ...scenario, id: 'goals', goals: [{}, { against: 'nobody', atLeast: 1 }] },
  { ...scenario, id: 'doubts', doubts: [{ of: 'lost', says: 'lost' }] },
  { ...scenario, id: 'load', load: { kind: 'closed', inFlight: 1, per: 'second', report: 'p50' } },
  { ...scenario, id: 'names', subjects: { ours: nothing, rivals: { ours: nothing } } },
  {
    ...scenario,
    id: 'variants',
    subjects: { ours: nothing, rivals: { a: nothing }, variants: { a: nothing } },
  },
];
