import type { Goal, Scenario } from '../src/scenario.ts';
import { commandsOfHits, localHits, taggedLocalHits } from './cache/local.ts';
import { imports } from './cache/import-cost.ts';
import { memoryOfEntries, memoryOfTaggedEntries, memoryOfWideText } from './cache/memory.ts';
import { outages } from './cache/outage.ts';
import { pgliteCalls } from './cache/pglite.ts';
import { postgresCalls } from './cache/postgres.ts';
import { redisHits, redisReadsOfMany, redisWritesOfMany } from './cache/redis.ts';
import { stampedes } from './cache/stampede.ts';
import { sizes } from './cache/values.ts';

const throughput = { unit: 'ops/s', better: 'higher' } as const;
const atOnce = (inFlight: number) => ({ kind: 'closed', inFlight }) as const;
const atLeast = (ratio: number, against: string): Goal => ({ against, atLeast: ratio });

const calls: readonly Scenario[] = sizes.flatMap(({ bytes, ending }): Scenario[] => [
  {
    id: `l1-hit${ending}`,
    ...throughput,
    load: atOnce(1),
    subjects: localHits(bytes),
    goals: [atLeast(5, 'bentocache'), atLeast(5, 'cacheable'), atLeast(0.5, 'floor')],
  },
  {
    id: `l1-hit-tags${ending}`,
    ...throughput,
    load: atOnce(1),
    subjects: taggedLocalHits(bytes),
    servers: ['redis'],
    goals: [atLeast(5, 'bentocache')],
  },
  {
    id: `redis-hit${ending}`,
    ...throughput,
    load: atOnce(64),
    subjects: redisHits(bytes),
    servers: ['redis'],
    goals: [atLeast(0.9, 'floor'), atLeast(1, 'rivals')],
  },
  {
    id: `redis-mget${ending}`,
    ...throughput,
    load: atOnce(4),
    subjects: redisReadsOfMany(bytes),
    servers: ['redis'],
    goals: [atLeast(0.9, 'floor')],
  },
  {
    id: `redis-mset${ending}`,
    ...throughput,
    load: atOnce(4),
    subjects: redisWritesOfMany(bytes),
    servers: ['redis'],
    goals: [atLeast(0.9, 'floor')],
  },
  ...(['get', 'set'] as const).flatMap((direction): Scenario[] => [
    {
      id: `postgres-${direction}${ending}`,
      ...throughput,
      load: atOnce(64),
      subjects: postgresCalls(direction, bytes),
      servers: ['postgres'],
      goals: [atLeast(3, 'keyv'), atLeast(1.5, 'floor')],
    },
    {
      id: `pglite-${direction}${ending}`,
      ...throughput,
      load: atOnce(64),
      subjects: pgliteCalls(direction, bytes),
      goals: [atLeast(2, 'floor')],
    },
  ]),
]);

const promises: readonly Scenario[] = [
  {
    id: 'l1-hit-commands',
    unit: 'commands per 100 hits',
    better: 'lower',
    load: { kind: 'measure' },
    subjects: commandsOfHits(200),
    servers: ['redis'],
    rounds: 5,
    // The heartbeat of the bus, one a second, may fall among them.
    goals: [{ atMost: 0.02 }],
  },
  ...(['redis', 'postgres'] as const).map((server): Scenario => ({
    id: `stampede-${server}`,
    unit: 'loads',
    better: 'lower',
    load: { kind: 'measure' },
    subjects: stampedes(server, ['bentocache', 'cacheable', 'cache-manager']),
    servers: [server],
    rounds: 5,
    goals: [{ atLeast: 1, atMost: 1 }],
  })),
  ...(['refused', 'blackhole', 'hung'] as const).map((kind): Scenario => ({
    id: `outage-${kind}`,
    unit: 'ms',
    better: 'lower',
    load: { kind: 'measure' },
    subjects: outages(kind),
    rounds: 3,
    goals: [{ atMost: 10 }],
  })),
  ...[
    { id: 'l1-memory', subjects: memoryOfEntries },
    { id: 'l1-memory-wide', subjects: memoryOfWideText },
    { id: 'l1-memory-tags', subjects: memoryOfTaggedEntries },
  ].map((one): Scenario => ({
    ...one,
    unit: 'bytes per byte reported',
    better: 'lower',
    load: { kind: 'measure' },
    freshProcess: true,
    rounds: 3,
    goals: [{ atMost: 1.3 }, { of: 'bytesOverBound', atMost: 0 }],
  })),
  {
    id: 'import',
    unit: 'ms',
    better: 'lower',
    load: { kind: 'measure' },
    subjects: imports,
    freshProcess: true,
    goals: [{ atMost: 30 }, { of: 'gzipKB', atMost: 25 }],
  },
];

export const scenarios: readonly Scenario[] = [...calls, ...promises];
