import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { connectPostgres, databaseEpoch, embedded, migrate } from '@parley/adapter-postgres';
import type { Database } from '@parley/adapter-postgres';
import { startPostgres, startPostgresPair, until } from '@parley/services';
import type { PostgresServer } from '@parley/services';
import { afterEach, describe, expect, test, vi } from 'vitest';
import { busOn, entry, pageOf } from './support/bus.ts';
import { failure } from './support/failure.ts';

// Servers and embedded databases take their time on a machine that is busy.
vi.setConfig({ testTimeout: 120_000 });

const open: AsyncDisposable[] = [];
afterEach(async () => {
  for (const one of open.splice(0).toReversed()) await one[Symbol.asyncDispose]();
});

const connect = (server: PostgresServer, more: object = {}): Database => {
  const db = connectPostgres({ url: server.url, connectTimeout: '2s', ...more });
  open.push(db);
  return db;
};

const untilKnown = (db: Database): Promise<string> =>
  until(() => databaseEpoch(db).catch(() => undefined), { what: 'it answers' });

describe('on a server', () => {
  test('it is one for all who ask at the same moment, and nothing has to be there', async () => {
    const server = await startPostgres();
    open.push(server);
    const dbs = [connect(server), connect(server), connect(server)];
    const asked = await Promise.all([...dbs, ...dbs].map((db) => databaseEpoch(db)));
    expect(new Set(asked).size).toBe(1);
    expect(asked[0]).toMatch(/^[\da-f]{8}$/);
  });

  test('it outlives a crash, and not the loss of the data', async () => {
    const server = await startPostgres();
    open.push(server);
    const db = connect(server);
    const before = await databaseEpoch(db);
    await server.kill();
    expect(await failure(databaseEpoch(db))).toMatchObject({ code: 'STORE_UNAVAILABLE' });
    await server.restart({ data: 'keep' });
    expect(await untilKnown(db)).toBe(before);
    await server.restart({ data: 'wipe' });
    expect(await untilKnown(db)).not.toBe(before);
  });

  test('another database of the same server, and other tables in the same one, have another', async () => {
    const server = await startPostgres();
    open.push(server);
    await server.query('create database other');
    const db = connect(server);
    const epoch = await databaseEpoch(db);
    expect(await databaseEpoch(connect(server, { database: 'other' }))).not.toBe(epoch);
    await db.query({ text: `drop schema ${db.schema} cascade` });
    expect(await databaseEpoch(db)).not.toBe(epoch);
  });

  test('a standby that is promoted begins another one, the same as that of its bus', async () => {
    const pair = await startPostgresPair({ synchronous: false });
    open.push(pair);
    const primary = connect(pair.primary);
    const epoch = await databaseEpoch(primary);
    const bus = busOn(primary);
    open.push(bus);
    await bus.streams.append([entry('t:a', 'a')]);
    expect((await pageOf(bus, 't:a')).epoch).toMatch(new RegExp(`\\.${epoch}$`));
    await pair.caughtUp();
    await pair.primary.kill();
    await pair.promote();
    const standby = connect(pair.standby);
    const next = await untilKnown(standby);
    expect(next).not.toBe(epoch);
    const after = busOn(standby);
    open.push(after);
    expect((await pageOf(after, 't:a')).epoch).toMatch(new RegExp(`\\.${next}$`));
    expect(await databaseEpoch(standby)).toBe(next);
  });

  test('who has given up is not kept waiting', async () => {
    const server = await startPostgres();
    open.push(server);
    const db = connect(server);
    const signal = AbortSignal.abort();
    expect(await failure(databaseEpoch(db, { signal }))).toMatchObject({ code: 'ABORTED' });
  });

  test('tables from a newer version are no matter of it', async () => {
    const server = await startPostgres();
    open.push(server);
    const db = connect(server);
    await migrate(db);
    await db.query({ text: `insert into ${db.schema}.migrations values (999, '999_future', 'x')` });
    expect(await databaseEpoch(db)).toBe(await databaseEpoch(db));
  });
});

describe('embedded', () => {
  test('it is the same for each process that opens the folder', async () => {
    const folder = await mkdtemp(join(tmpdir(), 'parley-epoch-'));
    open.push({ [Symbol.asyncDispose]: () => rm(folder, { recursive: true }) });
    const epochs: string[] = [];
    for (let i = 0; i < 2; i++) {
      await using db = await embedded({ folder });
      epochs.push(await databaseEpoch(db), await databaseEpoch(db));
    }
    expect(new Set(epochs).size).toBe(1);
  });

  test('it is another one where the machine was started anew, and may have lost something', async () => {
    await using db = await embedded({ memory: true });
    const epoch = await databaseEpoch(db);
    await db.query({ text: `update ${db.schema}.bus_histories set server = 'before'` });
    expect(await databaseEpoch(db)).not.toBe(epoch);
  });

  test('of two databases in memory each has its own', async () => {
    await using one = await embedded({ memory: true });
    await using two = await embedded({ memory: true });
    expect(await databaseEpoch(one)).not.toBe(await databaseEpoch(two));
  });
});
