import { silentLogger } from '@parley/cache-core/kernel';
import { openParley, type Environment, type Parley } from '@parley/runtime';
import { startPostgres, startProxy, startRedis, until } from '@parley/services';
import { describe, expect, it, vi } from 'vitest';
import { watched } from '../support/watched.ts';

// Servers take their time on a machine that is busy.
vi.setConfig({ testTimeout: 180_000 });
const patience = { timeout: 60_000 };

const open = (env: Environment): Promise<Parley> =>
  openParley(env, { logger: silentLogger, isolation: 'cut' });

const servers = {
  Redis: { start: () => startRedis(), envOf: (url: string) => ({ CACHE_ADAPTER: 'redis', REDIS_URL: url }) },
  Postgres: { start: () => startPostgres(), envOf: (url: string) => ({ DATABASE_URL: url }) },
};

describe.each(Object.entries(servers))(
  'a process that is cut off from %s for thirty seconds',
  (_, { start, envOf }) => {
    it('is gone for the others, keeps what it knew as stale, and is back as soon as it may', async () => {
      await using server = await start();
      await using proxy = await startProxy({ target: server });
      await using one = await open(envOf(server.url));
      await using two = await open(envOf(proxy.url));
      using here = await watched(one, 'general');
      using there = await watched(two, 'general');
      const ann = one.presence.connect({ user: 'ann' });
      await ann.join('general');
      const bob = two.presence.connect({ user: 'bob' });
      await bob.join('general');
      await expect
        .poll(() => [here.users(), there.users()], patience)
        .toEqual([
          ['ann', 'bob'],
          ['ann', 'bob'],
        ]);

      proxy.blackHole();
      const cut = performance.now();
      await expect.poll(() => here.users(), patience).toEqual(['ann']);
      await expect.poll(() => there.stale(), patience).toBe(true);
      await one.presence.connect({ user: 'eve' }).join('general');
      await ann.close();
      const joining = bob.join('late').catch(() => undefined);
      await until(() => performance.now() - cut > 30_000, {
        what: 'thirty seconds are over',
        deadline: 60_000,
      });
      expect([there.users(), there.stale(), here.stale()]).toEqual([['ann', 'bob'], true, false]);

      await proxy.heal();
      for (const { users, stale } of [here, there])
        await expect.poll(() => [users(), stale()], patience).toEqual([['bob', 'eve'], false]);
      await joining;
      expect(here.told).toEqual(['ann came', 'bob came', 'bob went', 'eve came', 'ann went', 'bob came']);
      expect(there.told.filter((event) => event.startsWith('eve'))).toEqual(['eve came']);
      const counts = [
        { users: 2, connections: 2 },
        { users: 1, connections: 1 },
      ];
      await expect.poll(() => one.presence.counts(['general', 'late']), patience).toEqual(counts);
    });
  },
);
