import type { Scenario } from '../src/scenario.ts';
import { crashLeave } from './presence/crash.ts';
import { heartbeat } from './presence/heartbeat.ts';
import { joinsPostgres, joinsRedis } from './presence/joins.ts';
import { memory } from './presence/memory.ts';
import { snapshot } from './presence/snapshot.ts';
import { statusPostgres, statusRedis, typing } from './presence/told.ts';

const measured = { better: 'lower', load: { kind: 'measure' } } as const;

/**
 * Presence against the bare work of its stores. What others have for it asks every server at each look (`fetchSockets`), keeps nothing, and
 * tells nobody of a server that has crashed: so there is a rival for the look alone.
 */
export const scenarios: readonly Scenario[] = [
  {
    id: 'snapshot',
    unit: 'ms',
    better: 'lower',
    load: { kind: 'closed', inFlight: 1, report: 'p50' },
    servers: ['redis'],
    subjects: snapshot,
    goals: [{ against: 'floor', atMost: 2 }],
  },
  {
    id: 'joins-redis',
    unit: 's',
    ...measured,
    servers: ['redis'],
    subjects: joinsRedis,
    rounds: 7,
    goals: [{ atMost: 1 }],
  },
  {
    id: 'joins-postgres',
    unit: 's',
    ...measured,
    servers: ['postgres'],
    subjects: joinsPostgres,
    rounds: 7,
    deadlineMs: 120_000,
    goals: [{ atMost: 3 }],
  },
  {
    id: 'heartbeat',
    unit: 'commands',
    better: 'equal',
    load: { kind: 'measure' },
    servers: ['redis'],
    subjects: { ours: heartbeat },
    rounds: 3,
    goals: [
      { atLeast: 1, atMost: 1 },
      // TIME, INFO, ZSCORE, ZADD: so there is no other command beside the script.
      { of: 'insideScript', atMost: 4 },
      { of: 'moreThanAlone', atLeast: 0, atMost: 0 },
    ],
  },
  {
    id: 'memory',
    unit: 'MB',
    ...measured,
    servers: ['redis'],
    subjects: memory,
    rounds: 3,
    goals: [{ atMost: 8 }],
  },
  {
    // A floor would do nothing but wait for the same lease.
    id: 'crash-leave',
    unit: 's',
    ...measured,
    servers: ['redis'],
    subjects: { ours: crashLeave },
    rounds: 1,
    deadlineMs: 300_000,
    goals: [{ atMost: 8.5 }, { of: 'max', atMost: 11 }],
  },
  {
    id: 'status-redis',
    unit: 'ms',
    ...measured,
    servers: ['redis'],
    subjects: statusRedis,
    goals: [{ atMost: 20 }],
  },
  {
    id: 'status-postgres',
    unit: 'ms',
    ...measured,
    servers: ['postgres'],
    subjects: statusPostgres,
    goals: [{ atMost: 40 }],
  },
  {
    id: 'typing',
    unit: 'ms',
    ...measured,
    servers: ['redis'],
    subjects: typing,
    goals: [{ atMost: 10 }],
  },
];
