import type { Scenario } from '../src/scenario.ts';
import { lruGet, lruSet } from './kernel/lru.ts';
import { singleFlight } from './kernel/single-flight.ts';
import { signalUnheard } from './kernel/telemetry.ts';

const throughput = { unit: 'ops/CPU s', better: 'higher' } as const;
const callers = { kind: 'closed', inFlight: 100, per: 'cpuSecond' } as const;
const loop = { kind: 'loop', per: 'cpuSecond' } as const;
const aheadOfRivals = { against: 'rivals', atLeast: 1 };

/** What every call of the layers above pays. None of it waits, so it is counted by CPU time. */
export const scenarios: readonly Scenario[] = [
  {
    id: 'single-flight',
    ...throughput,
    load: callers,
    subjects: singleFlight({ keys: 1 }),
    goals: [aheadOfRivals, { of: 'loadsPerCall', atMost: 0.011 }],
  },
  {
    id: 'single-flight-distinct',
    ...throughput,
    load: callers,
    subjects: singleFlight({ keys: 1024 }),
    goals: [aheadOfRivals],
  },
  {
    id: 'lru-get',
    ...throughput,
    load: loop,
    subjects: lruGet,
    goals: [{ against: 'lru-cache', atLeast: 1 }],
  },
  {
    id: 'lru-set',
    ...throughput,
    load: loop,
    subjects: lruSet,
    goals: [{ against: 'lru-cache', atLeast: 1 }],
  },
  {
    id: 'telemetry-idle',
    ...throughput,
    load: loop,
    subjects: signalUnheard,
    goals: [aheadOfRivals],
  },
];
