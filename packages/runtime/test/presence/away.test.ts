import { silentLogger } from '@parley/cache-core/kernel';
import { openParley, type Environment, type Parley } from '@parley/runtime';
import { startPostgres, startProxy, startRedis, until } from '@parley/services';
import { describe, expect, it, vi } from 'vitest';
import { watched } from '../support/watched.ts';

// Servers take their time on a machine that is busy.
vi.setConfig({ testTimeout: 60_000 });
const patience = { timeout: 30_000 };

const open = (env: Environment): Promise<Parley> =>
  openParley(env, {
    logger: silentLogger,
    isolation: 'away',
    // Longer than any outage of these tests, so that nobody is taken to be gone.
    presence: { checkEvery: '200ms', lease: '2m' },
  });

const servers = {
  Redis: { start: () => startRedis(), envOf: (url: string) => ({ CACHE_ADAPTER: 'redis', REDIS_URL: url }) },
  Postgres: { start: () => startPostgres(), envOf: (url: string) => ({ DATABASE_URL: url }) },
};

describe.each(Object.entries(servers))('a %s that is away', (_, { start, envOf }) => {
  it('leaves the last view, which says that it is stale, and is right again when it is back', async () => {
    await using server = await start();
    await using proxy = await startProxy({ target: server });
    await using one = await open(envOf(server.url));
    await using two = await open(envOf(proxy.url));
    using there = await watched(two, 'general');
    const ann = one.presence.connect({ user: 'ann' });
    await ann.join('general');
    const bob = two.presence.connect({ user: 'bob' });
    await bob.join('general');
    await expect.poll(() => there.users(), patience).toEqual(['ann', 'bob']);

    proxy.refuse();
    proxy.cut();
    await expect.poll(() => there.stale(), patience).toBe(true);
    expect(there.users()).toEqual(['ann', 'bob']);
    const { status, checks } = await two.health();
    expect({ status, presence: checks?.['presence']?.status }).toEqual({
      status: 'degraded',
      presence: 'down',
    });
    await one.presence.connect({ user: 'eve' }).join('general');
    await ann.close();
    expect(there.users()).toEqual(['ann', 'bob']);

    await proxy.heal();
    await expect.poll(() => [there.stale(), there.users()], patience).toEqual([false, ['bob', 'eve']]);
    expect(there.told.filter((event) => event.startsWith('bob'))).toEqual(['bob came']);
    await until(async () => (await two.health()).status === 'up', { what: 'everything is up' });
  });

  it('at the start keeps nothing from starting, and what was joined meanwhile is told when it comes', async () => {
    await using server = await start();
    await using proxy = await startProxy({ target: server });
    proxy.refuse();
    await using two = await open(envOf(proxy.url));
    const joined = two.presence
      .connect({ user: 'bob' })
      .join('general')
      .catch(() => undefined);
    await proxy.heal();
    await joined;
    await using one = await open(envOf(server.url));
    using here = await watched(one, 'general');
    await expect.poll(() => here.users(), patience).toEqual(['bob']);
  });
});
