import { redisLockStore } from '@parley/adapter-redis/lock';
import type { RedisConfig } from '@parley/adapter-redis';
import { isRetryable } from '@parley/cache-core/kernel';
import { createLocks, type Lock, type Locks } from '@parley/cache-core/lock';
import { startRedisCluster, startRedisSentinel, until, type RedisSentinel } from '@parley/services';
import { afterAll, afterEach, beforeAll, describe, expect, test, vi } from 'vitest';
import { lockKeys } from '../../src/lock/keys.ts';
import { connect } from '../support/connections.ts';

// Servers take their time on a machine that is busy.
vi.setConfig({ testTimeout: 120_000, hookTimeout: 120_000 });

let open: Locks[] = [];

afterEach(async () => {
  await Promise.all(open.splice(0).map((locks) => locks.close({ within: '500ms' })));
});

function locksAt(config: RedisConfig): Locks {
  const locks = createLocks({
    store: redisLockStore(connect(config)),
    lease: '4s',
    storeDeadline: '1s',
    poll: '300ms',
  });
  open.push(locks);
  return locks;
}

/** As a program does that must have the lock: again, while the store is in trouble. */
const have = (locks: Locks, key: string): Promise<Lock> =>
  until(
    () =>
      locks.acquire(key, { wait: '30s' }).catch((error: unknown) => {
        if (!isRetryable(error)) throw error;
        return undefined;
      }),
    { what: `${key} is had`, deadline: 90_000 },
  );

/** One holds a lock and another waits, over a failover. */
async function fencesOver(
  failover: () => Promise<unknown>,
  config: RedisConfig,
  key: string,
): Promise<number[]> {
  const [one, two] = [locksAt(config), locksAt(config)];
  const lock = await one.acquire(key);
  const waiting = have(two, key);
  await until(() => two.stats().waiting === 1, { what: 'it waits' });
  await failover();
  // What was granted may have been lost with the old master: then it is told, sooner or later.
  await lock.release();
  const next = await waiting;
  await next.release();
  // Turns are heard from the new master.
  const again = await have(one, key);
  const turn = have(two, key);
  await until(() => two.stats().waiting === 1, { what: 'it waits again' });
  await again.release();
  const last = await turn;
  return [lock, next, again, last].map(({ fence }) => fence);
}

const rising = (fences: readonly number[]): boolean =>
  fences.every((fence, i) => i === 0 || fence > (fences[i - 1] ?? Infinity));

describe('behind Sentinels', () => {
  let sentinel: RedisSentinel;
  let config: RedisConfig;

  beforeAll(async () => {
    sentinel = await startRedisSentinel({ downAfter: 1_000 });
    const sentinels = sentinel.sentinels.map(({ host, port }) => ({ host, port }));
    config = { mode: 'sentinel', sentinels, name: sentinel.name, responseTimeout: '1s' };
  });
  afterAll(() => sentinel.stop());

  test.each(['order', 'kill', 'pause'] as const)(
    'a failover by %s: the lock goes on to who waits',
    async (by) => {
      const old = await sentinel.master();
      const fences = await fencesOver(() => sentinel.failover({ by }), config, `over ${by}`);
      expect(fences).toSatisfy(rising);
      if (by === 'kill') await old.restart({ data: 'keep' });
      if (by === 'pause') await old.resume();
      await sentinel.settled();
    },
  );
});

test('in a cluster a master is killed: its locks go on to who waits, and others are not touched', async () => {
  await using cluster = await startRedisCluster({ nodeTimeout: 1_000 });
  const config: RedisConfig = {
    mode: 'cluster',
    nodes: cluster.nodes.map(({ server: { host, port } }) => ({ host, port })),
    responseTimeout: '500ms',
  };
  const keys = lockKeys('parley:', 0, true);
  const ownerOf = (key: string) => cluster.ownerOf(keys.lock(keys.tagOf(key), key));
  const master = await ownerOf('job');
  const names = Array.from({ length: 50 }, (_, i) => `other ${i}`);
  const owners = await Promise.all(names.map(ownerOf));
  const elsewhere = names.find((_, i) => owners[i]?.id !== master.id) ?? '';
  const untouched = await locksAt(config).acquire(elsewhere, { lease: '60s' });
  expect(await fencesOver(() => master.server.kill(), config, 'job')).toSatisfy(rising);
  await untouched.extend();
  expect(untouched.lost).toBeUndefined();
});
