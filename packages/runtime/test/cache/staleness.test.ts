import { spawnSync } from 'node:child_process';
import { fileURLToPath } from 'node:url';
import { connectPostgres } from '@parley/adapter-postgres';
import { postgresBroker } from '@parley/adapter-postgres/bus';
import { postgresCacheStore } from '@parley/adapter-postgres/cache';
import { connectRedis } from '@parley/adapter-redis';
import { redisBroker } from '@parley/adapter-redis/bus';
import { redisCacheStore } from '@parley/adapter-redis/cache';
import { busInvalidation, createBus } from '@parley/bus';
import { createCache, type Cache, type CacheStore, type Invalidation } from '@parley/cache-core';
import { silentLogger } from '@parley/cache-core/kernel';
import { openParley } from '@parley/runtime';
import {
  sharedPostgres,
  sharedRedis,
  startPartition,
  startProxy,
  until,
  type FaultProxy,
} from '@parley/services';
import { describe, expect, it, vi } from 'vitest';

// Servers take their time on a machine that is busy.
vi.setConfig({ testTimeout: 60_000 });

/** What the documentation says: no answer is staler than this, whatever becomes of the word of a change. */
const boundMs = 2_000;
const program = fileURLToPath(new URL('../programs/change.ts', import.meta.url));

interface Process extends AsyncDisposable {
  readonly store: CacheStore;
  readonly invalidation: Invalidation;
}

interface Backend {
  readonly env: Record<string, string>;
  readonly proxy: FaultProxy;
  /** A process that hears of changes through the proxy, and reaches the store past it. */
  readonly hearingThroughProxy: () => Process;
  readonly direct: () => Process;
}

const backends: Record<string, () => Promise<Backend>> = {
  Redis: async () => {
    const { url, prefix } = await sharedRedis();
    const { hostname: host, port } = new URL(url);
    const proxy = await startProxy({ target: { host, port: Number(port) } });
    const open = (hears: { host: string; port: number }): Process => {
      const direct = connectRedis({ mode: 'standalone', host, port: Number(port), prefix });
      const hearing = connectRedis({
        mode: 'standalone',
        host: hears.host,
        port: hears.port,
        prefix,
        connectTimeout: '1s',
      });
      const bus = createBus({ broker: redisBroker(hearing) });
      return {
        store: redisCacheStore(direct),
        invalidation: busInvalidation(bus),
        [Symbol.asyncDispose]: async () => {
          await bus.close({ within: 0 });
          await Promise.all([direct.close(), hearing.close()]);
        },
      };
    };
    return {
      env: { CACHE_ADAPTER: 'redis', REDIS_URL: url, REDIS_KEY_PREFIX: prefix },
      proxy,
      hearingThroughProxy: () => open(proxy),
      direct: () => open({ host, port: Number(port) }),
    };
  },
  Postgres: async () => {
    const { url, schema } = await sharedPostgres();
    const { hostname: host, port } = new URL(url);
    const proxy = await startProxy({ target: { host, port: Number(port) } });
    const open = (listens: string): Process => {
      const db = connectPostgres({ url, schema });
      const listening = connectPostgres({ url: listens, schema, connectTimeout: '1s' });
      const store = postgresCacheStore(db);
      const broker = postgresBroker(listening);
      const bus = createBus({ broker });
      return {
        store,
        invalidation: busInvalidation(bus),
        [Symbol.asyncDispose]: async () => {
          await bus.close({ within: 0 });
          await Promise.all([store.close(), broker.close()]);
          await Promise.all([db.close(), listening.close()]);
        },
      };
    };
    const proxied = Object.assign(new URL(url), { host: `${proxy.host}:${proxy.port}` });
    return {
      env: { CACHE_ADAPTER: 'database', DATABASE_URL: url },
      proxy,
      hearingThroughProxy: () => open(proxied.href),
      direct: () => open(url),
    };
  },
};

const hears = (cache: Cache): Promise<boolean> =>
  until(async () => (await cache.health()).checks?.['invalidation']?.status === 'up', { what: 'it hears' });

/** A process that stood still for a while has given up what it kept, and reads it again. */
const isKeptHere = (cache: Cache, key: string): Promise<boolean> =>
  until(async () => (await cache.get(key)) === 'old' && (await cache.entry(key))?.source === 'local', {
    what: `${key} is kept in this process`,
  });

/** Reads until the answer is another one, and holds every old answer against the bound. */
async function changesInTime(changedAt: number, read: () => Promise<unknown>, old: unknown): Promise<void> {
  for (;;) {
    // Before the question: what it is answered with may have been known at that moment.
    const askedAfterMs = performance.now() - changedAt;
    const value = await read();
    if (value !== old) return;
    expect(askedAfterMs).toBeLessThanOrEqual(boundMs);
    await new Promise((resolve) => setTimeout(resolve, 5));
  }
}

describe.each(Object.entries(backends))('on %s', (_, start) => {
  it.each(['swallowed', 'lost in the kernel'])(
    'no answer is staler than the documented bound when the word of changes is %s',
    async (how) => {
      const { hearingThroughProxy, direct, ...backend } = await start();
      await using proxy = backend.proxy;
      await using first = hearingThroughProxy();
      await using second = direct();
      const one = createCache(first);
      const two = createCache(second);
      await Promise.all([hears(one), hears(two)]);
      const keys = ['set', 'deleted', 'tagged'];
      for (const key of keys) await one.set(key, 'old', { tags: [`t:${key}`] });
      await one.namespace('cleared').set('k', 'old');
      for (const key of keys) await isKeptHere(one, key);

      if (how === 'swallowed') proxy.blackHole();
      await using partition = how === 'swallowed' ? undefined : await startPartition(proxy);
      await two.set('set', 'new');
      await two.delete('deleted');
      await two.invalidateByTag('t:tagged');
      await two.namespace('cleared').clear();
      const changedAt = performance.now();
      await Promise.all(
        keys
          .map((key) => () => one.get(key))
          .concat(() => one.namespace('cleared').get('k'))
          .map((read) => changesInTime(changedAt, read, 'old')),
      );
      expect(await one.mget(keys)).toEqual(['new', undefined, undefined]);
      const health = (await one.health()).checks?.['invalidation'];
      expect(health?.details).toMatchObject({ state: 'suspect', stalenessBoundMs: boundMs });
      await partition?.heal();
      await Promise.all([one.close(), two.close()]);
    },
  );

  it('a process whose event loop stood still gives no stale answer, not even its first one', async () => {
    const { env, proxy } = await start();
    await proxy.close();
    const isolation = `still${Date.now() % 1e9}`;
    await using parley = await openParley(env, { logger: silentLogger, isolation });
    const { cache } = parley;
    await hears(cache);
    await cache.set('k', 'old');
    await cache.set('tagged', 'old', { tags: ['t:1'] });
    await isKeptHere(cache, 'k');
    await isKeptHere(cache, 'tagged');

    const other = spawnSync(process.execPath, ['--conditions=@parley/source', program], {
      env: { PATH: process.env['PATH'], NODE_NO_WARNINGS: '1', ...env, ISOLATION: isolation },
      encoding: 'utf8',
    });
    // Asked before any timer and any message had its turn.
    const answers = Promise.all([cache.get('k'), cache.get('tagged')]);
    expect(other).toMatchObject({ status: 0, stderr: '' });
    expect(await answers).toEqual(['new', undefined]);
  });
});
