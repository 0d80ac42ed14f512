import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { defineTopic } from '@parley/bus';
import { silentLogger } from '@parley/cache-core/kernel';
import {
  databaseEpoch,
  jsonArray,
  openParley,
  textArray,
  type Environment,
  type OpenParleyOptions,
  type ParleyWithDatabase,
} from '@parley/runtime';
import { sharedPostgres, sharedRedis, startPostgres, startProxy, startRedis, until } from '@parley/services';
import { afterAll, describe, expect, it, vi } from 'vitest';
import { z } from 'zod';
import { keepingLogger } from '../support/log.ts';

// An embedded database is made anew, on a machine that may be busy.
vi.setConfig({ testTimeout: 60_000 });

const scratch = await mkdtemp(join(tmpdir(), 'parley-database-'));
afterAll(() => rm(scratch, { recursive: true, force: true }));

const sql = new URL('../examples/sql/', import.meta.url);

const open = (env: Environment, more: OpenParleyOptions = {}): Promise<ParleyWithDatabase> =>
  openParley(env, { logger: silentLogger, isolation: 'own', ...more, database: more.database ?? true });

const onRedis = async (): Promise<Record<string, string>> => {
  const { url, prefix } = await sharedRedis();
  return { NODE_ENV: 'production', REDIS_URL: url, REDIS_KEY_PREFIX: prefix };
};
const onPostgres = async (): Promise<Record<string, string>> => ({
  DATABASE_URL: (await sharedPostgres()).url,
});

async function linesOf({ database, tables }: ParleyWithDatabase): Promise<unknown[]> {
  const { schema } = tables('notes', sql);
  return (await database.query({ text: `select line from ${schema}.lines order by id` })).rows.flat();
}

async function add({ database, tables }: ParleyWithDatabase, ...lines: string[]): Promise<void> {
  const statement = tables('notes', sql).statement('add_lines');
  await database.query(statement, [textArray(lines), jsonArray(lines.map(() => []))]);
}

describe.each<[string, () => Promise<Record<string, string>>, cache: string, database: string]>([
  [
    'Redis, beside Postgres',
    async () => ({ ...(await onRedis()), ...(await onPostgres()) }),
    'redis',
    'postgres',
  ],
  [
    'Redis, beside a folder',
    async () => ({ ...(await onRedis()), DATA_DIR: join(scratch, 'redis') }),
    'redis',
    'embedded',
  ],
  [
    'memory, beside Postgres',
    async () => ({ CACHE_ADAPTER: 'memory', ...(await onPostgres()) }),
    'memory',
    'postgres',
  ],
  ['memory, beside nothing', async () => ({ CACHE_ADAPTER: 'memory' }), 'memory', 'embedded'],
  ['Postgres', onPostgres, 'postgres', 'postgres'],
  // A second database would be refused the folder.
  ['a folder', async () => ({ DATA_DIR: join(scratch, 'both') }), 'embedded', 'embedded'],
])('with the cache on %s', (_, envOf, cache, kept) => {
  it('an application has tables of its own, and health shows them', async () => {
    await using parley = await open(await envOf());
    const { database, selection, tables } = parley;
    expect([selection.cache.adapter, selection.database.adapter]).toEqual([cache, kept]);
    const notes = tables('notes', sql);
    expect([notes.schema, database.schema]).toEqual(['notes_own', 'parley_own']);
    await database.query({ text: `drop schema if exists ${notes.schema} cascade` });
    expect(await notes.migrate()).toEqual(['001_notes']);
    await parley.cache.set('k', 'v');
    expect(await parley.cache.get('k')).toBe('v');
    expect(await databaseEpoch(database)).toBe(await databaseEpoch(database));
    const { adapter, because } = selection.database;
    const healthy = async (): Promise<boolean> => (await parley.health()).status === 'up';
    await until(healthy, { what: 'everything is up' });
    expect((await parley.health()).checks).toMatchObject({
      cache: { status: 'up' },
      database: { status: 'up', details: { adapter, because, role: 'primary' } },
    });
  });
});

it('all of one process share one pool', async () => {
  await using postgres = await startPostgres();
  await using proxy = await startProxy({ target: postgres });
  // A machine that is busy takes longer than a cache waits.
  const cache = { storeDeadline: '30s' } as const;
  await using parley = await open({ DATABASE_URL: proxy.url }, { database: { maxConnections: 2 }, cache });
  await parley.tables('notes', sql).migrate();
  const busy = Array.from({ length: 8 }, async (_, i) => {
    await parley.database.query({ text: 'select pg_sleep(0.05)' });
    await parley.cache.set(`k${i}`, i);
  });
  await Promise.all(busy);
  // The bus listens on one of its own, which may just be replaced.
  expect(proxy.counters.open).toBeLessThanOrEqual(4);
  expect(parley.database.maxConnections).toBe(2);
});

it('who asks for no database has none', async () => {
  await using postgres = await startPostgres();
  await using proxy = await startProxy({ target: postgres });
  const env = { ...(await onRedis()), DATABASE_URL: proxy.url };
  await using parley = await openParley(env, { logger: silentLogger });
  expect(Object.keys(parley)).not.toContain('database');
  expect(parley.selection.database).toBeUndefined();
  expect(Object.keys((await parley.health()).checks ?? {})).toEqual(['cache', 'bus', 'presence']);
  expect(proxy.counters.connections).toBe(0);
});

describe('a database beside a Redis', () => {
  it('that is away at the start keeps nothing from starting, says so, and is used when it comes', async () => {
    await using postgres = await startPostgres();
    await using proxy = await startProxy({ target: postgres });
    proxy.refuse();
    const { lines, logger } = keepingLogger();
    await using parley = await open({ ...(await onRedis()), DATABASE_URL: proxy.url }, { logger });
    expect(lines.map(({ message }) => message)).toContain(
      'The database does not answer; starting without it',
    );
    const notes = parley.tables('notes', sql);
    await expect(notes.migrate()).rejects.toMatchObject({ code: 'STORE_UNAVAILABLE', retryable: true });
    expect(await parley.cache.get('k', () => 'loaded')).toBe('loaded');
    const { status, checks } = await parley.health();
    expect({ status, database: checks?.['database']?.status }).toEqual({ status: 'down', database: 'down' });

    await proxy.heal();
    const applied = await until(() => notes.migrate().catch(() => undefined), { what: 'it migrates' });
    expect(applied).toEqual(['001_notes']);
    await add(parley, 'there');
    expect(await linesOf(parley)).toEqual(['there']);
    const isUp = async (): Promise<boolean> => (await parley.health()).checks?.['database']?.status === 'up';
    await until(isUp, { what: 'it is up' });
  });

  it('that hangs is not waited for beyond the limit', async () => {
    await using postgres = await startPostgres();
    await using proxy = await startProxy({ target: postgres });
    proxy.blackHole();
    const env = { ...(await onRedis()), DATABASE_URL: proxy.url };
    await using parley = await open(env, { startLimit: '200ms' });
    expect((await parley.health()).checks?.['database']?.status).toBe('down');
  });

  it('that answers and refuses is told at once, and nothing stays open', async () => {
    await using postgres = await startPostgres({ password: 'right' });
    await using database = await startProxy({ target: postgres });
    await using redis = await startRedis();
    await using cache = await startProxy({ target: redis });
    const url = new URL(database.url);
    url.password = 'hunter2';
    const env = { NODE_ENV: 'production', REDIS_URL: cache.url, DATABASE_URL: url.href };
    const error: unknown = await open(env).catch((reason: unknown) => reason);
    expect(error).toMatchObject({ code: 'STORE_FAULT' });
    expect(JSON.stringify(error)).not.toContain('hunter2');
    await until(() => database.counters.open + cache.counters.open === 0, { what: 'all is closed' });
  });

  it('in a folder that another one has is refused', async () => {
    const env = { ...(await onRedis()), DATA_DIR: join(scratch, 'taken') };
    await using first = await open(env);
    await expect(open(env)).rejects.toMatchObject({ code: 'FOLDER_IN_USE' });
    expect((await first.database.query({ text: 'select 1' })).rows).toEqual([['1']]);
  });
});

describe('closing', () => {
  it.each<[string, () => Promise<Record<string, string>>]>([
    ['Redis', async () => ({ ...(await onRedis()), ...(await onPostgres()) })],
    ['Postgres', onPostgres],
    ['a folder', async () => ({ DATA_DIR: join(scratch, 'closing') })],
  ])('lets what is at work on %s reach the database to its end', async (_, envOf) => {
    const jobs = defineTopic('note', { class: 'queue', schema: z.string() });
    const env = await envOf();
    const parley = await open(env);
    const notes = parley.tables('notes', sql);
    await parley.database.query({ text: `drop schema if exists ${notes.schema} cascade` });
    await notes.migrate();
    const begun = Promise.withResolvers<void>();
    const goOn = Promise.withResolvers<void>();
    parley.bus.work(jobs, async ({ data }) => {
      begun.resolve();
      await goOn.promise;
      await add(parley, data);
    });
    await parley.bus.publish(jobs, 'the last line');
    await begun.promise;
    const closing = parley.close();
    goOn.resolve();
    await closing;
    await expect(linesOf(parley)).rejects.toMatchObject({ code: 'CLOSED' });
    await using again = await open(env);
    expect(await linesOf(again)).toEqual(['the last line']);
  });
});

describe('schemas of applications', () => {
  it('are their own in each test, and go with it', async () => {
    await using postgres = await startPostgres();
    const env = { NODE_ENV: 'test', DATABASE_URL: postgres.url };
    const left = `select nspname from pg_namespace where nspname ~ '^(notes|drafts|parley)'`;
    const one = await open(env, { isolation: undefined });
    const two = await open(env, { isolation: undefined });
    for (const parley of [one, two]) {
      await parley.tables('notes', sql).migrate();
      await parley.cache.set('k', 'v');
      // Named, and never made.
      expect(parley.tables('drafts', sql).schema).toMatch(/^drafts_test_/);
    }
    expect(await postgres.query(left)).toHaveLength(4);
    await add(one, 'of one');
    expect(await linesOf(two)).toEqual([]);
    await one.close();
    await two.close();
    expect(await postgres.query(left)).toEqual([]);
  });

  it('are shared by those of one name, and by all outside of tests', async () => {
    await using postgres = await startPostgres();
    const env = { NODE_ENV: 'test', DATABASE_URL: postgres.url };
    await using one = await open(env, { isolation: 'suite' });
    await using two = await open(env, { isolation: 'suite' });
    await Promise.all([one.tables('notes', sql).migrate(), two.tables('notes', sql).migrate()]);
    await add(one, 'for both');
    expect(await linesOf(two)).toEqual(['for both']);
    await using outside = await open({ DATABASE_URL: postgres.url }, { isolation: undefined });
    expect(outside.tables('notes', sql).schema).toBe('notes');
  });

  it.each(['parley', 'Notes', '', 'a-b', 'x'.repeat(40)])(
    'have names that fit: %j does not',
    async (name) => {
      await using parley = await open({ CACHE_ADAPTER: 'memory', ...(await onPostgres()) });
      expect(() => parley.tables(name, sql)).toThrow(expect.objectContaining({ code: 'INVALID_ARGUMENT' }));
    },
  );
});

it('what was decided is in the log, with a warning where a production would lose something', async () => {
  const { lines, logger } = keepingLogger();
  await using parley = await open(await onRedis(), { logger });
  expect(lines).toContainEqual(
    expect.objectContaining({
      level: 'info',
      message: 'The tables of the application are kept by: embedded',
      fields: { adapter: 'embedded', because: parley.selection.database.because },
    }),
  );
  expect(lines.filter(({ level }) => level === 'warn').map(({ message }) => message)).toEqual([
    'Production loses its tables when this process ends: set DATABASE_URL, or DATA_DIR',
  ]);
  expect((await parley.health()).details?.['warnings']).toMatch(/set DATABASE_URL, or DATA_DIR/);
});
