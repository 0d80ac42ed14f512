import type { Scenario } from '../src/scenario.ts';
import { fencedScripts, setNx } from './lock/floors.ts';
import { handOverPostgres, handOverRedis } from './lock/hand-over.ts';
import { alone, ours } from './lock/open.ts';
import { redlock, semaphore } from './lock/rivals.ts';

const measured = { unit: 'ms', better: 'lower', load: { kind: 'measure' } } as const;

export const scenarios: readonly Scenario[] = [
  {
    id: 'lock-redis',
    unit: 'ms',
    better: 'lower',
    load: { kind: 'closed', inFlight: 1, report: 'p50' },
    servers: ['redis'],
    subjects: {
      ours: alone('redis', ours),
      floor: alone('redis', setNx),
      otherFloors: { 'scripts with a fence': alone('redis', fencedScripts) },
      rivals: { redlock: alone('redis', redlock), 'redis-semaphore': alone('redis', semaphore) },
    },
    goals: [{ against: 'floor', atMost: 1.1 }],
  },
  {
    id: 'handover-redis',
    ...measured,
    servers: ['redis'],
    subjects: handOverRedis,
    rounds: 5,
    goals: [{ atMost: 1 }, { of: 'scripts', atMost: 4 }],
  },
  {
    id: 'handover-postgres',
    ...measured,
    servers: ['postgres'],
    subjects: handOverPostgres,
    rounds: 5,
    goals: [{ atMost: 5 }],
  },
];
