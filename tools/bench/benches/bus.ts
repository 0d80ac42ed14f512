import type { Scenario } from '../src/scenario.ts';
import { memoryFanOut, memoryStream } from './bus/memory.ts';
import { postgresQueue } from './bus/postgres-queue.ts';
import { postgresLatency, postgresPublish } from './bus/postgres-stream.ts';
import { redisEphemeral } from './bus/redis-ephemeral.ts';
import { redisLatency, redisPublish } from './bus/redis-stream.ts';
import { resubscribe } from './bus/resubscribe.ts';

/** The bus against the bare work of its brokers, and against those who do the same. */
export const scenarios: readonly Scenario[] = [
  {
    id: 'redis-stream-latency',
    unit: 'ms',
    better: 'lower',
    load: { kind: 'closed', inFlight: 1, report: 'p50' },
    servers: ['redis'],
    subjects: redisLatency,
    goals: [
      { against: 'floor', atMost: 1.3 },
      { against: 'floor', of: 'p99', atMost: 2 },
    ],
  },
  {
    id: 'redis-stream-publish',
    unit: 'ops/s',
    better: 'higher',
    load: { kind: 'closed', inFlight: 256 },
    servers: ['redis'],
    subjects: redisPublish,
    goals: [
      { against: 'floor', atLeast: 0.8 },
      { against: 'rivals', atLeast: 1 },
    ],
  },
  {
    id: 'redis-ephemeral-publish',
    unit: 'ops/s',
    better: 'higher',
    load: { kind: 'closed', inFlight: 256 },
    servers: ['redis'],
    subjects: redisEphemeral,
    goals: [{ against: 'floor', atLeast: 0.7 }],
  },
  {
    id: 'postgres-stream-publish',
    unit: 'ops/s',
    better: 'higher',
    load: { kind: 'closed', inFlight: 16 },
    servers: ['postgres'],
    subjects: postgresPublish,
    goals: [{ atLeast: 10_000 }, { against: 'NOTIFY in the transaction', atLeast: 2 }],
  },
  {
    id: 'postgres-stream-latency',
    unit: 'ms',
    better: 'lower',
    load: { kind: 'closed', inFlight: 1, report: 'p50' },
    servers: ['postgres'],
    subjects: postgresLatency,
    goals: [{ against: 'floor', atMost: 2 }],
  },
  {
    id: 'postgres-queue',
    unit: 'jobs/s',
    better: 'higher',
    load: { kind: 'measure' },
    servers: ['postgres'],
    subjects: postgresQueue,
    rounds: 5,
    goals: [{ against: 'rivals', atLeast: 1 }],
  },
  {
    id: 'memory-stream',
    unit: 'publishes/s',
    better: 'higher',
    load: { kind: 'measure' },
    subjects: { ours: memoryStream },
    goals: [{ atLeast: 300_000 }],
  },
  {
    id: 'memory-fan-out',
    unit: 'deliveries/s',
    better: 'higher',
    load: { kind: 'measure' },
    subjects: { ours: memoryFanOut },
    goals: [{ atLeast: 3_000_000 }],
  },
  {
    id: 'resubscribe',
    unit: 's',
    better: 'lower',
    load: { kind: 'measure' },
    servers: ['redis'],
    subjects: { ours: resubscribe },
    rounds: 5,
    goals: [{ atMost: 2 }, { of: 'mostInFlight', atMost: 512 }],
  },
];
