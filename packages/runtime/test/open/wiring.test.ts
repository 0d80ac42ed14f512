import { connectPostgres } from '@parley/adapter-postgres';
import { silentLogger } from '@parley/cache-core/kernel';
import { openParley, type OpenParleyOptions, type Parley } from '@parley/runtime';
import { startPostgres, startRedis, until } from '@parley/services';
import { describe, expect, it, vi } from 'vitest';
import { keepingLogger } from '../support/log.ts';

// Servers take their time on a machine that is busy.
vi.setConfig({ testTimeout: 60_000 });

const quiet: OpenParleyOptions = { logger: silentLogger };

describe('what the variables say is what happens', () => {
  it('lifetimes: the default, the classes, and an option over the default', async () => {
    const env = {
      CACHE_ADAPTER: 'memory',
      CACHE_DEFAULT_TTL: '90.5',
      REDIS_TTL_SHORT: '7',
      REDIS_TTL_LONG: '2d',
    };
    await using parley = await openParley(env, quiet);
    const { cache } = parley;
    await Promise.all([
      cache.set('a', 1),
      cache.set('b', 1, { ttl: 'short' }),
      cache.set('c', 1, { ttl: 'long' }),
    ]);
    const ttls = await Promise.all(['a', 'b', 'c'].map((key) => cache.ttl(key)));
    expect(ttls.map((ttl) => Math.round((ttl ?? 0) * 10) / 10)).toEqual([90.5, 7, 172_800]);
    await using other = await openParley(env, { ...quiet, cache: { ttl: 'medium' } });
    await other.cache.set('a', 1);
    expect(Math.round((await other.cache.ttl('a')) ?? 0)).toBe(3600);
  });

  it('prefix, database and an ACL user of Redis', async () => {
    await using redis = await startRedis({
      users: ['app on >s3cret ~shop:* &shop:* +@all -@dangerous +info'],
    });
    const env = {
      CACHE_ADAPTER: 'redis',
      REDIS_HOST: redis.host,
      REDIS_PORT: String(redis.port),
      REDIS_USERNAME: 'app',
      REDIS_PASSWORD: 's3cret',
      REDIS_DB: '3',
      REDIS_KEY_PREFIX: 'shop:',
    };
    await using parley = await openParley(env, quiet);
    await parley.cache.set('k', 'v');
    expect(await redis.command('INFO', 'keyspace')).toMatch(/^db3:/m);
    expect(await redis.command('INFO', 'keyspace')).not.toMatch(/^db0:/m);
    expect(await untilLive(parley)).toBe(true);
  });

  it("the defaults of the cache are the caller's to change, its store is not", async () => {
    await using parley = await openParley(
      { CACHE_ADAPTER: 'memory' },
      { ...quiet, cache: { namespace: 'mine' } },
    );
    const seen: string[] = [];
    parley.cache.on((event) => void (event.type === 'set' && seen.push(event.namespace)));
    await parley.cache.set('k', 'v');
    expect(seen).toEqual(['mine']);
  });
});

const untilLive = (...all: readonly Parley[]): Promise<boolean> =>
  until(
    async () => (await Promise.all(all.map(({ health }) => health()))).every(({ status }) => status === 'up'),
    { what: 'everybody listens' },
  );

it("processes of one Redis hear of one another's changes", async () => {
  await using redis = await startRedis();
  const env = { NODE_ENV: 'production', REDIS_URL: redis.url };
  // Nothing is asked again for a minute: what changes sooner was told.
  const patient: OpenParleyOptions = { ...quiet, cache: { stalenessBound: '1m' } };
  await using first = await openParley(env, patient);
  await using second = await openParley(env, patient);
  await untilLive(first, second);
  await first.cache.set('k', 'old');
  expect(await second.cache.get('k')).toBe('old');
  await first.cache.set('k', 'new');
  await until(async () => (await second.cache.get('k')) === 'new', {
    what: 'the change is seen',
    deadline: 30_000,
  });
});

describe('tests stand alone', () => {
  it('each in a schema of its own, which closing removes', async () => {
    // Others would make schemas of theirs meanwhile.
    await using postgres = await startPostgres();
    const env = { NODE_ENV: 'test', DATABASE_URL: postgres.url, REDIS_URL: 'redis://127.0.0.1:1' };
    await using outside = connectPostgres({ url: postgres.url });
    const schemas = async (): Promise<(string | null | undefined)[]> => {
      const asked = `select nspname from pg_namespace where nspname like 'parley\\_test\\_%'`;
      return (await outside.query({ text: asked })).rows.map(([name]) => name);
    };
    const before = await schemas();
    const { lines, logger } = keepingLogger();
    const first = await openParley(env, { logger });
    const second = await openParley(env, { logger });
    await first.cache.set('k', 'first');
    expect(await second.cache.get('k')).toBeUndefined();
    const own = (await schemas()).filter((name) => !before.includes(name));
    expect(own).toHaveLength(2);
    await first.close();
    await second.close();
    const left = await schemas();
    expect(own.filter((name) => left.includes(name))).toEqual([]);
    expect(lines.filter(({ level }) => level === 'warn')).toEqual([]);
  });

  it('in keys of their own where Redis is asked for, unless they share a name', async () => {
    await using redis = await startRedis();
    const env = { NODE_ENV: 'test', CACHE_ADAPTER: 'redis', REDIS_URL: redis.url };
    await using alone = await openParley(env, quiet);
    await using other = await openParley(env, quiet);
    await using together = await openParley(env, { ...quiet, isolation: 'suite' });
    await using joined = await openParley(env, { ...quiet, isolation: 'suite' });
    await alone.cache.set('k', 'alone');
    await together.cache.set('k', 'together');
    expect(await other.cache.get('k')).toBeUndefined();
    expect(await joined.cache.get('k')).toBe('together');
    expect(await redis.command('EXISTS', 'parley:suite:cache:{cache:k}')).toBe(1);
  });

  it.each(['A', '', 'x'.repeat(31), 'a-b'])(
    'a name that could be no schema is refused: %j',
    async (isolation) => {
      await expect(openParley({ CACHE_ADAPTER: 'memory' }, { ...quiet, isolation })).rejects.toMatchObject({
        code: 'INVALID_ARGUMENT',
        field: 'isolation',
      });
    },
  );
});
