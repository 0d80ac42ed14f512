import { silentLogger, type Duration } from '@parley/cache-core/kernel';
import { openParley, type Environment, type Parley } from '@parley/runtime';
import { startPostgres, startRedis, until } from '@parley/services';
import { describe, expect, it, vi } from 'vitest';
import { watched } from '../support/watched.ts';

// Servers take their time on a machine that is busy.
vi.setConfig({ testTimeout: 60_000 });
const patience = { timeout: 30_000 };

const open = (env: Environment, checkEvery: Duration): Promise<Parley> =>
  openParley(env, { logger: silentLogger, isolation: 'cut', presence: { checkEvery } });

const untilHears = ({ bus }: Parley, hears: boolean): Promise<boolean> =>
  until(() => bus.stats().isInitialized === hears, { what: `the bus ${hears ? 'hears' : 'is cut'}` });

/** A Redis that takes the right to channels from its user, and gives it back: the bus is cut, and the store is not. */
async function startCuttable() {
  const redis = await startRedis({ users: ['app on >secret ~* &* +@all'] });
  const env = {
    CACHE_ADAPTER: 'redis',
    REDIS_HOST: redis.host,
    REDIS_PORT: String(redis.port),
    REDIS_USERNAME: 'app',
    REDIS_PASSWORD: 'secret',
  };
  return {
    env,
    cut: () => redis.command('ACL', 'SETUSER', 'app', 'resetchannels'),
    heal: () => redis.command('ACL', 'SETUSER', 'app', 'allchannels'),
    [Symbol.asyncDispose]: () => redis.stop(),
  };
}

describe('a bus that is cut, of a Redis that is there', () => {
  it('makes news late and none wrong: what was not told is found by its position', async () => {
    await using redis = await startCuttable();
    await using one = await open(redis.env, '200ms');
    await using two = await open(redis.env, '200ms');
    using there = await watched(two, 'general');
    await redis.cut();
    await untilHears(two, false);
    const { noticesHeard } = two.presence.stats();
    const connection = one.presence.connect({ user: 'ann' });
    await connection.join('general');
    await expect.poll(() => there.told, patience).toEqual(['ann came']);
    await connection.close();
    await expect.poll(() => there.told, patience).toEqual(['ann came', 'ann went']);
    expect(two.presence.stats().noticesHeard).toBe(noticesHeard);
    await expect.poll(() => one.presence.stats().noticesFailed, patience).toBeGreaterThan(0);
    expect(there.stale()).toBe(false);
    expect((await two.health()).checks?.['bus']?.status).not.toBe('up');

    await redis.heal();
    await untilHears(two, true);
    await until(
      async () => {
        const again = one.presence.connect({ user: 'bob' });
        await again.join('general');
        await again.close();
        return two.presence.stats().noticesHeard > noticesHeard;
      },
      { what: 'it is told again' },
    );
  });

  it('brings about a look when it is back, and does not wait for the next one', async () => {
    await using redis = await startCuttable();
    await using one = await open(redis.env, '1h');
    await using two = await open(redis.env, '1h');
    using there = await watched(two, 'general');
    await redis.cut();
    await untilHears(two, false);
    const connection = one.presence.connect({ user: 'ann' });
    await connection.join('general');
    expect(there.told).toEqual([]);
    await redis.heal();
    await expect.poll(() => there.told, patience).toEqual(['ann came']);
    await connection.close();
    await expect.poll(() => there.told, patience).toEqual(['ann came', 'ann went']);
  });
});

it('on Postgres, who listens and is cut off misses nothing either', async () => {
  await using postgres = await startPostgres();
  const env = { DATABASE_URL: postgres.url };
  await using one = await open(env, '1h');
  await using two = await open(env, '1h');
  using there = await watched(two, 'general');
  const expected: string[] = [];
  for (const user of ['ann', 'bob', 'eve']) {
    await postgres.terminateBackends({ applicationName: 'parley listener' });
    const connection = one.presence.connect({ user });
    await connection.join('general');
    expected.push(`${user} came`);
    await expect.poll(() => there.told, patience).toEqual(expected);
  }
});
