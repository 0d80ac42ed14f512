import type { Scenario } from '../src/scenario.ts';
import { lruGet, lruSet } from './kernel/lru.ts';
import { singleFlight } from './kernel/single-flight.ts';
import { signalUnheard } from './kernel/telemetry.ts';

const throughput = { unit: 'ops/s', better: 'higher' } as const;
const aheadOfRivals = { against: 'rivals', atLeast: 1 };

/** What every call of the layers above pays. */
export const scenarios: readonly Scenario[] = [
  {
    id: 'single-flight',
    ...throughput,
    load: { kind: 'closed', inFlight: 100 },
    subjects: singleFlight({ keys: 1 }),
    goals: [aheadOfRivals, { of: 'loadsPerCall', atMost: 0.011 }],
  },
  {
    id: 'single-flight-distinct',
    ...throughput,
    load: { kind: 'closed', inFlight: 100 },
    subjects: singleFlight({ keys: 1024 }),
    goals: [aheadOfRivals],
  },
  {
    id: 'lru-get',
    ...throughput,
    load: { kind: 'loop' },
    subjects: lruGet,
    goals: [{ against: 'lru-cache', atLeast: 1 }],
  },
  {
    id: 'lru-set',
    ...throughput,
    load: { kind: 'loop' },
    subjects: lruSet,
    goals: [{ against: 'lru-cache', atLeast: 1 }],
  },
  {
    id: 'telemetry-idle',
    ...throughput,
    load: { kind: 'loop' },
    subjects: signalUnheard,
    goals: [aheadOfRivals],
  },
];
