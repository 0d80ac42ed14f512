import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { silentLogger } from '@parley/cache-core/kernel';
import { openParley, type OpenParleyOptions, type Parley } from '@parley/runtime';
import { freePort, startPostgres, startProxy, startRedis, until } from '@parley/services';
import { afterAll, describe, expect, it, vi } from 'vitest';
import { keepingLogger } from '../support/log.ts';
import { runProgram } from '../support/run-program.ts';

// Servers take their time on a machine that is busy.
vi.setConfig({ testTimeout: 60_000 });

const folder = await mkdtemp(join(tmpdir(), 'parley-failures-'));
afterAll(() => rm(folder, { recursive: true, force: true }));

const quiet: OpenParleyOptions = { logger: silentLogger };
// Making a new database takes the embedded Postgres seconds of CPU time.
const patience = { timeout: 60_000 };
const program = new URL('../programs/open.ts', import.meta.url);

/** The store is asked now and then whether it is back. */
const untilKept = ({ cache }: Parley): Promise<boolean> =>
  until(() => cache.set('k', 'stored').then(() => true), { what: 'the store keeps what it is given' });

/** What the cache has found out, the bus may find out a little later. */
const untilUp = ({ health }: Parley): Promise<boolean> =>
  until(async () => (await health()).status === 'up', { what: 'everything is up' });

describe('a Redis that is away at the start', () => {
  it('keeps nothing from starting, is told of, and is used when it comes', async () => {
    await using redis = await startRedis();
    await using proxy = await startProxy({ target: redis });
    proxy.refuse();
    const { lines, logger } = keepingLogger();
    await using parley = await openParley({ NODE_ENV: 'production', REDIS_URL: proxy.url }, { logger });
    expect(await parley.cache.get('k', () => 'loaded', { ttl: 60 })).toBe('loaded');
    expect(await parley.cache.get('k', () => 'loaded again')).toBe('loaded');
    const health = await parley.health();
    expect(health.status).toBe('degraded');
    expect(health.checks?.['cache']?.checks?.['store']).toMatchObject({ status: 'down' });
    expect(lines.map(({ message }) => message)).toContain('The store does not answer; starting without it');

    await proxy.heal();
    await untilKept(parley);
    await untilUp(parley);
    expect(await redis.command('EXISTS', 'parley:cache:{cache:k}')).toBe(1);
  });

  it('is not waited for beyond the limit when nothing comes back at all', async () => {
    await using redis = await startRedis();
    await using proxy = await startProxy({ target: redis });
    proxy.blackHole();
    const begun = performance.now();
    await using parley = await openParley(
      { CACHE_ADAPTER: 'redis', REDIS_URL: proxy.url, REDIS_CREATE_TIMEOUT: '60000' },
      { ...quiet, startLimit: '250ms', closeLimit: '2s' },
    );
    expect(performance.now() - begun).toBeLessThan(10_000);
    expect(await parley.cache.get('k', () => 'loaded')).toBe('loaded');
    expect((await parley.health()).status).toBe('degraded');
  });
});

it('REDIS_CREATE_TIMEOUT is how long connecting may take', async () => {
  await using redis = await startRedis();
  await using proxy = await startProxy({ target: redis });
  proxy.blackHole();
  const env = { CACHE_ADAPTER: 'redis', REDIS_URL: proxy.url, REDIS_CREATE_TIMEOUT: '300' };
  await using parley = await openParley(env, { ...quiet, startLimit: '1m', closeLimit: '2s' });
  const store = (await parley.health()).checks?.['cache']?.checks?.['store'];
  expect(store?.details?.['error']).toMatch(/connecting did not finish within 300 ms/);
});

it('REDIS_CREATE_RETRY_INTERVAL is how long the pause before the next attempt may be', async () => {
  await using redis = await startRedis();
  await using proxy = await startProxy({ target: redis });
  proxy.refuse();
  const env = { CACHE_ADAPTER: 'redis', REDIS_URL: proxy.url, REDIS_CREATE_RETRY_INTERVAL: '3600000' };
  await using parley = await openParley(env, { ...quiet, closeLimit: '2s' });
  const storeStatus = async (): Promise<string | undefined> =>
    (await parley.health()).checks?.['cache']?.checks?.['store']?.status;
  expect(await storeStatus()).toBe('down');
  await proxy.heal();
  const back = until(async () => (await storeStatus()) === 'up', { what: 'it is back', deadline: 1_000 });
  await expect(back).rejects.toThrow(/until it is back/);
});

it('a Postgres that is away at the start keeps nothing from starting, and is used when it comes', async () => {
  await using postgres = await startPostgres();
  await using proxy = await startProxy({ target: postgres });
  proxy.refuse();
  await using parley = await openParley({ DATABASE_URL: proxy.url }, quiet);
  expect(await parley.cache.get('k', () => 'loaded')).toBe('loaded');
  expect((await parley.health()).status).toBe('degraded');
  await proxy.heal();
  await untilKept(parley);
  await untilUp(parley);
});

describe('what no waiting would heal is told at once, and nothing stays open', () => {
  it('a wrong password of Redis', async () => {
    await using redis = await startRedis({ config: { requirepass: 'right' } });
    await using proxy = await startProxy({ target: redis });
    const env = { CACHE_ADAPTER: 'redis', REDIS_HOST: proxy.host, REDIS_PORT: String(proxy.port) };
    const opening = openParley({ ...env, REDIS_PASSWORD: 'hunter2' }, quiet);
    const error: unknown = await opening.catch((reason: unknown) => reason);
    expect(error).toMatchObject({ code: 'STORE_FAULT', message: expect.stringMatching(/password is wrong/) });
    expect(JSON.stringify(error)).not.toContain('hunter2');
    await until(() => proxy.counters.open === 0, { what: 'all connections are closed' });
    await using parley = await openParley({ ...env, REDIS_PASSWORD: 'right' }, quiet);
    expect((await parley.health()).checks?.['cache']?.checks?.['store']?.status).toBe('up');
  });

  it('a wrong password of Postgres', async () => {
    await using postgres = await startPostgres({ password: 'right' });
    await using proxy = await startProxy({ target: postgres });
    const url = new URL(proxy.url);
    url.password = 'hunter2';
    const error: unknown = await openParley({ DATABASE_URL: url.href }, quiet).catch(
      (reason: unknown) => reason,
    );
    expect(error).toMatchObject({ code: 'STORE_FAULT' });
    expect(JSON.stringify(error)).not.toContain('hunter2');
    await until(() => proxy.counters.open === 0, { what: 'all connections are closed' });
  });

  it('an option that turns out wrong when Redis is open already', async () => {
    await using redis = await startRedis();
    await using proxy = await startProxy({ target: redis });
    const opening = openParley(
      { CACHE_ADAPTER: 'redis', REDIS_URL: proxy.url },
      { ...quiet, cache: { namespace: 'not a namespace!' } },
    );
    await expect(opening).rejects.toMatchObject({ code: 'INVALID_ARGUMENT', field: 'namespace' });
    await until(() => proxy.counters.open === 0, { what: 'all connections are closed' });
  });

  it('a folder that another process has, which goes on undisturbed', patience, async () => {
    const env = { DATA_DIR: folder };
    await using first = await openParley(env, quiet);
    const { code, stdout } = await runProgram(program, env);
    expect({ code, stdout }).toEqual({ code: 0, stdout: 'FOLDER_IN_USE\n' });
    await first.cache.set('k', 'v');
    expect(await first.cache.get('k')).toBe('v');
  });

  it('a caller who gives up while nothing answers', async () => {
    await using redis = await startRedis();
    await using proxy = await startProxy({ target: redis });
    await redis.pause();
    const caller = new AbortController();
    const env = { CACHE_ADAPTER: 'redis', REDIS_URL: proxy.url };
    const opening = openParley(env, { ...quiet, signal: caller.signal, startLimit: '1m' });
    await until(() => proxy.counters.connections > 0, { what: 'it connects' });
    caller.abort();
    await expect(opening).rejects.toMatchObject({ code: 'ABORTED' });
    await redis.resume();
    await until(() => proxy.counters.open === 0, { what: 'all connections are closed' });
  });
});

describe('a process whose opening failed ends by itself', () => {
  it.each<[string, () => Promise<Record<string, string>>, string]>([
    [
      'for a broken option, on Redis',
      async () => ({ BROKEN_CACHE: '1', NODE_ENV: 'production' }),
      'INVALID_ARGUMENT',
    ],
    [
      'for a wrong password',
      async () => ({ CACHE_ADAPTER: 'redis', REDIS_PASSWORD: 'wrong' }),
      'STORE_FAULT',
    ],
  ])('%s', async (_, settings, said) => {
    await using redis = await startRedis({ config: { requirepass: 'right' } });
    const env = { REDIS_HOST: redis.host, REDIS_PORT: String(redis.port), REDIS_PASSWORD: 'right' };
    expect(await runProgram(program, { ...env, ...(await settings()) })).toMatchObject({
      code: 0,
      stdout: `${said}\n`,
    });
  });

  it('for a broken option, on the embedded Postgres', patience, async () => {
    const outcome = await runProgram(program, { BROKEN_CACHE: '1', DATA_DIR: folder });
    expect(outcome).toMatchObject({ code: 0, stdout: 'INVALID_ARGUMENT\n' });
  });

  it('and so does one whose Redis and Postgres are away all the time', patience, async () => {
    const port = await freePort();
    for (const env of [
      { NODE_ENV: 'production', REDIS_HOST: '127.0.0.1', REDIS_PORT: String(port) },
      { DATABASE_URL: `postgres://nobody@127.0.0.1:${port}/nowhere` },
    ]) {
      const { code, stdout } = await runProgram(program, env);
      expect({ code, stdout }).toMatchObject({ code: 0, stdout: expect.stringMatching(/^opened /) });
    }
  });
});

it('closing keeps its limit while Redis hangs, and leaves no connection', async () => {
  await using redis = await startRedis();
  await using proxy = await startProxy({ target: redis });
  const env = { CACHE_ADAPTER: 'redis', REDIS_URL: proxy.url, REDIS_DESTROY_TIMEOUT: '200' };
  const parley = await openParley(env, { ...quiet, closeLimit: '2s' });
  await parley.cache.set('k', 'v');
  await redis.pause();
  void parley.cache.set('k', 'w').catch(() => undefined);
  const begun = performance.now();
  await parley.close();
  // Timers of a busy machine are late.
  expect(performance.now() - begun).toBeLessThan(2_000 + 3_000);
  await redis.resume();
  await until(() => proxy.counters.open === 0, { what: 'all connections are closed' });
});
