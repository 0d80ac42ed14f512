import type { Scenario } from '../src/scenario.ts';
import { blockedLocal } from './ratelimit/blocked.ts';
import { memoryChecks, memoryVisitors } from './ratelimit/memory.ts';
import { postgresChecks } from './ratelimit/postgres.ts';
import { redisChecks } from './ratelimit/redis.ts';
import { threeRules, tripsOfThree } from './ratelimit/three-rules.ts';

const calls = { unit: 'ops/s', better: 'higher' } as const;
const load = { kind: 'closed', inFlight: 64 } as const;
/** Nothing is waited for. */
const local = { kind: 'closed', inFlight: 1, per: 'cpuSecond' } as const;

export const scenarios: readonly Scenario[] = [
  {
    id: 'redis-check',
    ...calls,
    load,
    servers: ['redis'],
    subjects: redisChecks,
    goals: [
      { against: 'rate-limiter-flexible', atLeast: 1.2 },
      { against: 'rate-limiter-flexible, each command sent by itself', atLeast: 1.2 },
      { against: 'floor', atLeast: 0.8 },
    ],
  },
  {
    id: 'postgres-check',
    ...calls,
    load,
    servers: ['postgres'],
    subjects: postgresChecks,
    goals: [
      { against: 'rate-limiter-flexible', atLeast: 2 },
      { against: 'rate-limiter-flexible, unlogged table', atLeast: 2 },
      { against: '@acpr/rate-limit-postgresql', atLeast: 5 },
    ],
  },
  {
    id: 'memory-check',
    ...calls,
    load: local,
    subjects: memoryChecks,
    goals: [{ against: 'rate-limiter-flexible', atLeast: 2 }],
  },
  {
    id: 'memory-check-visitors',
    ...calls,
    load: local,
    subjects: memoryVisitors,
    goals: [{ against: 'rate-limiter-flexible', atLeast: 2 }],
  },
  {
    id: 'blocked-local',
    ...calls,
    load: local,
    servers: ['redis'],
    subjects: blockedLocal,
    goals: [{ atLeast: 1_000_000 }],
  },
  {
    // At most 1.3 times the cost of one.
    id: 'redis-three-rules',
    ...calls,
    load,
    servers: ['redis'],
    subjects: threeRules,
    goals: [{ against: 'one rule', atLeast: 0.77 }],
  },
  {
    id: 'redis-three-rules-alone',
    unit: 'ms',
    better: 'lower',
    load: { kind: 'closed', inFlight: 1, report: 'p50' },
    servers: ['redis'],
    subjects: threeRules,
    goals: [{ against: 'one rule', atMost: 1.3 }],
  },
  {
    id: 'redis-three-rules-trips',
    unit: 'scripts',
    better: 'equal',
    load: { kind: 'measure' },
    servers: ['redis'],
    subjects: { ours: tripsOfThree },
    rounds: 3,
    goals: [{ atLeast: 1, atMost: 1 }],
  },
];
