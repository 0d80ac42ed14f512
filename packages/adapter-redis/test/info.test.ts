import { expect, test } from 'vitest';
import { readInfo } from '../src/info.ts';

const info = (fields: Record<string, string | number>): string =>
  [
    '# Section',
    ...Object.entries({ role: 'master', maxmemory_policy: 'noeviction', maxclients: 10_000, ...fields }).map(
      ([name, value]) => `${name}:${value}`,
    ),
  ].join('\r\n');

test('figures of the server are told as numbers', () => {
  const { status, details } = readInfo(
    info({
      used_memory: 2048,
      maxmemory: 4096,
      keyspace_hits: 3,
      keyspace_misses: 1,
      latest_fork_usec: 1500,
      evicted_keys: 7,
    }),
    'cache',
  );
  expect(status).toBe('up');
  expect(details).toMatchObject({
    memoryBytes: 2048,
    maxMemoryBytes: 4096,
    hitRatio: 0.75,
    latestForkMs: 1.5,
    evictedKeys: 7,
  });
});

test('a hit ratio of nothing asked is none', () => {
  expect(readInfo(info({}), 'cache').details).toMatchObject({ hitRatio: null, maxMemoryBytes: null });
});

test.each<[string, Record<string, string | number>, 'cache' | 'state', RegExp | undefined]>([
  [
    'eviction is what a cache expects',
    { maxmemory_policy: 'allkeys-lru', maxmemory: 10, used_memory: 10 },
    'cache',
    undefined,
  ],
  [
    'eviction is what state must not meet',
    { maxmemory_policy: 'allkeys-lru' },
    'state',
    /allkeys-lru may evict state/,
  ],
  [
    'an expiry does not spare state',
    { maxmemory_policy: 'volatile-ttl' },
    'state',
    /volatile-ttl may evict state/,
  ],
  ['state is safe without eviction', {}, 'state', undefined],
  [
    'a full cache that evicts nothing',
    { maxmemory: 100, used_memory: 95 },
    'cache',
    /95 % of maxmemory .* noeviction will refuse writes/,
  ],
  ['full state', { maxmemory: 100, used_memory: 95 }, 'state', /95 % of maxmemory .* noeviction/],
  ['a cache with room', { maxmemory: 100, used_memory: 50 }, 'cache', undefined],
  ['connections that run out', { connected_clients: 95, maxclients: 100 }, 'cache', /95 of 100 connections/],
  ['a replica', { role: 'slave' }, 'cache', /it is a replica/],
  ['a snapshot that failed', { rdb_last_bgsave_status: 'err' }, 'cache', /snapshot failed/],
])('%s', (_, fields, holds, warning) => {
  const { status, details } = readInfo(info(fields), holds);
  expect(status).toBe(warning === undefined ? 'up' : 'degraded');
  expect(String(details['warnings'] ?? '')).toMatch(warning ?? /^$/);
});
