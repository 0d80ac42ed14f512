import { defineTopic } from '@parley/bus';
import { silentLogger } from '@parley/cache-core/kernel';
import { openParley, type OpenParleyOptions, type Parley } from '@parley/runtime';
import { sharedPostgres, startRedis, until } from '@parley/services';
import { describe, expect, it, vi } from 'vitest';
import { z } from 'zod';
import { runProgram } from '../support/run-program.ts';

// Servers take their time on a machine that is busy.
vi.setConfig({ testTimeout: 90_000 });

const options: OpenParleyOptions = { logger: silentLogger, isolation: `gc${Date.now() % 1e9}` };
const jobs = defineTopic('job', { class: 'queue', schema: z.string() });

function isClosed({ presence }: Parley): boolean {
  try {
    presence.connect({ user: 'ann' });
    return false;
  } catch {
    return true;
  }
}

const places: Record<string, () => Promise<Record<string, string> & AsyncDisposable>> = {
  Redis: async () => {
    const redis = await startRedis();
    return { CACHE_ADAPTER: 'redis', REDIS_URL: redis.url, [Symbol.asyncDispose]: () => redis.stop() };
  },
  Postgres: async () => {
    const { url } = await sharedPostgres();
    return { DATABASE_URL: url, [Symbol.asyncDispose]: async () => {} };
  },
};

describe.each(Object.entries(places))('closing on %s', (_, start) => {
  it('lets go what is held, so that nobody waits for a lease', async () => {
    await using env = await start();
    await using two = await openParley(env, options);
    const there = await two.locks();
    const one = await openParley(env, options);
    const here = await one.locks({ lease: '1h' });
    const held = await here.acquire('k', { wait: '30s' });
    const waiting = there.acquire('k', { wait: '60s' });
    await until(() => there.stats().waiting === 1, { what: 'somebody waits' });
    await one.close();
    expect(held.held).toBe(false);
    await (await waiting).release();
    await expect(here.acquire('k')).rejects.toMatchObject({ code: 'CLOSED' });
  });

  it('lets handlers of the bus have their lock, limits and sessions to their end', async () => {
    await using env = await start();
    await using two = await openParley(env, options);
    const there = await two.locks();
    const one = await openParley(env, { ...options, closeLimit: '60s' });
    const [locks, limiter, sessions] = await Promise.all([
      one.locks(),
      one.limiter({ rules: { job: { limit: 10, per: '1d' } }, within: '30s' }),
      one.sessions({ deadline: '30s' }),
    ]);
    const goOn = Promise.withResolvers<void>();
    const told: unknown[] = [];
    one.bus.work(jobs, () =>
      locks.using('job', async (signal) => {
        told.push('began');
        await goOn.promise;
        const { decidedBy } = await limiter.check('job', { identity: 'a' });
        const { id } = await sessions.create({ user: 'ann', data: {} });
        told.push(signal.aborted, decidedBy, (await sessions.get(id))?.user);
      }),
    );
    await one.bus.publish(jobs, 'a');
    await expect.poll(() => told, { timeout: 30_000 }).toEqual(['began']);
    const closing = one.close();
    await until(() => isClosed(one), { what: 'what is closed before the bus is closed' });
    // As long as somebody works under it, nobody else has it.
    expect(await there.tryAcquire('job')).toBeUndefined();
    goOn.resolve();
    await closing;
    expect(told).toEqual(['began', false, 'store', 'ann']);
    await (await there.acquire('job', { wait: '30s' })).release();
  });
});

it('a maker that is called while it closes makes nothing', async () => {
  const parley = await openParley({ CACHE_ADAPTER: 'memory' }, options);
  const making = parley.limiter({ rules: { a: { limit: 1, per: '1s' } } });
  await parley.close();
  const made = await making.catch(() => undefined);
  await expect(made === undefined ? making : made.check('a', { identity: 'x' })).rejects.toMatchObject({
    code: 'CLOSED',
  });
});

it('who uses none of it asks nothing of the store', async () => {
  await using redis = await startRedis();
  const env = { CACHE_ADAPTER: 'redis', REDIS_URL: redis.url };
  await using parley = await openParley(env, { logger: silentLogger });
  await parley.cache.set('k', 'v');
  expect(Object.keys((await parley.health()).checks ?? {})).toEqual(['cache', 'bus', 'presence']);
  for (const kind of ['limit', 'lock', 'session'])
    expect(await redis.command('KEYS', `parley:${kind}*`)).toEqual([]);
});

it('its code is loaded when it is first used', async () => {
  const program = new URL('../programs/loaded.ts', import.meta.url);
  const { code, stdout, stderr } = await runProgram(program, { CACHE_ADAPTER: 'memory' });
  expect({ code, stderr }).toEqual({ code: 0, stderr: '' });
  expect(stdout).toBe('\ncache-core/src/lock cache-core/src/session ratelimit\n');
});

it('an option that cannot be used is refused where it is given', async () => {
  await using parley = await openParley({ CACHE_ADAPTER: 'memory' }, options);
  const refused = (field: string) => ({ code: 'INVALID_ARGUMENT', field });
  await expect(parley.limiter({ rules: { a: { limit: 0, per: '1s' } } })).rejects.toMatchObject({
    code: 'INVALID_ARGUMENT',
  });
  await expect(parley.locks({ lease: '1ms' })).rejects.toMatchObject(refused('lease'));
  await expect(parley.sessions({ ttl: '1d', maxAge: '1h' })).rejects.toMatchObject(refused('maxAge'));
  expect(Object.keys((await parley.health()).checks ?? {})).toEqual(['cache', 'bus', 'presence']);
});
