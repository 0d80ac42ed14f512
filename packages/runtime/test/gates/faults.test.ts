import { silentLogger } from '@parley/cache-core/kernel';
import { openParley, type Environment, type Parley } from '@parley/runtime';
import { startPostgres, startProxy, startRedis, until } from '@parley/services';
import { describe, expect, it, vi } from 'vitest';

// Servers take their time on a machine that is busy.
vi.setConfig({ testTimeout: 90_000 });

const open = (env: Environment): Promise<Parley> =>
  openParley(env, { logger: silentLogger, isolation: 'faults', closeLimit: '15s' });

const rules = {
  shared: { limit: 1_000, per: '1d' },
  closed: { limit: 1_000, per: '1d', whenAway: 'closed' },
} as const;

const servers = {
  Redis: {
    start: () => startRedis(),
    envOf: (url: string) => ({ CACHE_ADAPTER: 'redis', REDIS_URL: url, REDIS_DESTROY_TIMEOUT: '200' }),
  },
  Postgres: {
    start: () => startPostgres(),
    envOf: (url: string) => ({ DATABASE_URL: url }),
  },
};

/** What became of it: its value, or the code of its error. */
const outcome = (call: Promise<unknown>): Promise<unknown> =>
  call.then(
    (value) => value,
    (error: unknown) =>
      error instanceof Error && 'code' in error ? { code: error.code } : { error: String(error) },
  );

describe.each(Object.entries(servers))('a %s that hangs', (_, { start, envOf }) => {
  it('keeps no call from settling, is told, and is used again when it goes on', async () => {
    await using server = await start();
    await using proxy = await startProxy({ target: server });
    await using parley = await open(envOf(proxy.url));
    const limiter = await parley.limiter({ rules });
    const locks = await parley.locks();
    const sessions = await parley.sessions();
    const signedIn = await until(() => sessions.create({ user: 'ann', data: {} }).catch(() => undefined), {
      what: 'somebody is signed in',
    });
    const isUp = async (): Promise<boolean> => (await parley.health()).status === 'up';
    await until(isUp, { what: 'everything is up' });

    proxy.blackHole();
    const [shared, closed, lock, session, begun] = await Promise.all([
      outcome(limiter.check('shared', { identity: 'ann' })),
      outcome(limiter.check('closed', { identity: 'ann' })),
      outcome(locks.acquire('job', { wait: '1s' })),
      outcome(sessions.get(signedIn.id)),
      outcome(sessions.create({ user: 'bob', data: {} })),
    ]);
    expect(shared).toMatchObject({ ok: true, decidedBy: 'share' });
    expect(closed).toMatchObject({ ok: false, decidedBy: 'closed' });
    const unavailable = { code: expect.stringMatching(/^(?:STORE_UNAVAILABLE|DEADLINE_EXCEEDED)$/) };
    expect([lock, session, begun]).toEqual([unavailable, unavailable, unavailable]);
    const { status, checks } = await parley.health();
    // Nobody who is signed in can be told from others.
    expect(status).toBe('down');
    for (const part of ['limits', 'locks', 'sessions']) expect(checks?.[part]?.status).toBe('down');

    await proxy.heal();
    await until(isUp, { what: 'everything is up again', deadline: 30_000 });
    const decidedBy = async (): Promise<string> =>
      (await limiter.check('shared', { identity: 'ann' })).decidedBy;
    await until(async () => (await decidedBy()) === 'store', { what: 'the store decides again' });
    await until(async () => (await sessions.get(signedIn.id))?.user === 'ann', { what: 'ann is there' });
    await (await locks.acquire('job', { wait: '60s' })).release();
  });

  it('keeps closing within its limit in the middle of everything, and no call from settling', async () => {
    await using server = await start();
    await using proxy = await startProxy({ target: server });
    const parley = await open(envOf(proxy.url));
    const limiter = await parley.limiter({ rules, within: '1m' });
    const locks = await parley.locks({ storeDeadline: '1m' });
    const sessions = await parley.sessions({ deadline: '1m' });
    const held = await until(() => locks.tryAcquire('held').catch(() => undefined), { what: 'it is held' });
    await sessions.create({ user: 'ann', data: {} });

    proxy.blackHole();
    const calls = [
      limiter.check('shared', { identity: 'ann' }),
      locks.acquire('held', { wait: '1m' }),
      locks.acquire('other', { wait: '1m' }),
      sessions.list('ann'),
    ].map(outcome);
    // Beyond the limit it would reject.
    await parley.close();
    const [verdict, ...others] = await Promise.all(calls);
    expect(verdict).toMatchObject({ ok: true, decidedBy: 'share' });
    for (const other of others) expect(other).toMatchObject({ code: expect.any(String) });
    expect(held.held).toBe(false);
    await proxy.heal();
    await until(() => proxy.counters.open === 0, { what: 'all connections are closed' });
  });
});

it('limits and locks without their server leave the rest at work', async () => {
  await using redis = await startRedis();
  await using proxy = await startProxy({ target: redis });
  await using parley = await open(servers.Redis.envOf(proxy.url));
  const locks = await parley.locks();
  await parley.limiter({ rules });
  await until(async () => (await parley.health()).status === 'up', { what: 'everything is up' });
  await locks.tryAcquire('k');
  proxy.refuse();
  proxy.cut();
  const { status, checks } = await parley.health();
  expect([status, checks?.['limits']?.status, checks?.['locks']?.status]).toEqual([
    'degraded',
    'down',
    'down',
  ]);
  expect(Object.keys(checks ?? {})).not.toContain('sessions');
});
