import { silentLogger } from '@parley/cache-core/kernel';
import { openParley } from '@parley/runtime';
import { startPostgres, startRedis } from '@parley/services';
import { describe, expect, it, vi } from 'vitest';

vi.setConfig({ testTimeout: 60_000 });

interface Backend extends AsyncDisposable {
  readonly env: Record<string, string>;
  /** As an eviction does it: the records of tags and namespaces are gone, those of entries stay. */
  readonly lose: () => Promise<number>;
}

const backends: Record<string, () => Promise<Backend>> = {
  Redis: async () => {
    const server = await startRedis();
    return {
      env: { CACHE_ADAPTER: 'redis', REDIS_URL: server.url },
      async lose() {
        const keys = await server.command('KEYS', '*');
        const guards = Array.isArray(keys) ? keys.map(String).filter((key) => /[{:][nt]:/.test(key)) : [];
        for (const key of guards) await server.command('DEL', key);
        return guards.length;
      },
      [Symbol.asyncDispose]: () => server.stop(),
    };
  },
  Postgres: async () => {
    const server = await startPostgres();
    return {
      env: { CACHE_ADAPTER: 'database', DATABASE_URL: server.url },
      lose: async () => (await server.query('delete from parley.cache_guards returning 1')).length,
      [Symbol.asyncDispose]: () => server.stop(),
    };
  },
};

describe.each(Object.entries(backends))('on %s', (_, start) => {
  it('entries whose tags were lost are stale, and what was invalidated does not come back', async () => {
    await using backend = await start();
    const open = () => openParley(backend.env, { logger: silentLogger });
    {
      await using before = await open();
      await before.cache.set('invalidated', 'old', { tags: ['t'] });
      await before.cache.invalidateByTag('t');
      await before.cache.set('kept', 'value', { tags: ['t'] });
      await before.cache.set('untagged', 'value');
      expect(await backend.lose()).toBeGreaterThan(1);
    }
    await using after = await open();
    const { cache } = after;
    expect(await cache.mget(['invalidated', 'kept'])).toEqual([undefined, undefined]);
    await cache.set('anew', 'value', { tags: ['t'] });
    expect(await cache.mget(['invalidated', 'kept', 'anew'])).toEqual([undefined, undefined, 'value']);
    expect(await cache.get('invalidated', () => 'new', { tags: ['t'] })).toBe('new');
  });
});
