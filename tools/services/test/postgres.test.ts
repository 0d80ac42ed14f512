import { existsSync, readFileSync } from 'node:fs';
import { createServer, type Socket } from 'node:net';
import { setTimeout as sleep } from 'node:timers/promises';
import { Client } from 'pg';
import { afterAll, beforeAll, describe, expect, test, vi } from 'vitest';
import { startPostgres, type PostgresServer } from '../src/postgres.ts';

let server: PostgresServer;

beforeAll(async () => {
  server = await startPostgres({ settings: { max_connections: '20', application_name: "it's \\ quoted" } });
  await server.query('CREATE TABLE kept (n int)');
});

afterAll(() => server.stop());

/** A session of the application under test, and what becomes of it. */
async function session(name = 'app', url = server.url) {
  const client = new Client({ connectionString: url, application_name: name });
  const lost = new Promise<string | undefined>((resolve) => {
    client.on('error', (error: NodeJS.ErrnoException) => resolve(error.code));
  });
  await client.connect();
  return { client, lost, [Symbol.asyncDispose]: () => client.end() };
}

const codeOf = (promise: Promise<unknown>): Promise<string | undefined> =>
  promise.then(
    () => 'done',
    (error: NodeJS.ErrnoException) => error.code,
  );

/** True as soon as it settles, false when it has not within the time. */
const settles = (promise: Promise<unknown>, ms: number): Promise<boolean> =>
  Promise.race([
    promise.then(
      () => true,
      () => true,
    ),
    sleep(ms, false),
  ]);

/** The System V segments that a process created; the kernel keeps them until they are removed. */
function sharedMemoryOf(pid: number): string[] {
  const rows = readFileSync('/proc/sysvipc/shm', 'utf8').trim().split('\n');
  return rows.filter((row) => row.trim().split(/\s+/)[4] === String(pid));
}

test('it listens on 127.0.0.1 with the settings asked for, and keeps data in its folder', async () => {
  expect(server.url).toBe(`postgres://postgres@127.0.0.1:${server.port}/postgres`);
  const shown = await server.query(
    'SELECT name, setting FROM pg_settings WHERE name = ANY ($1) ORDER BY name',
    [['application_name', 'fsync', 'listen_addresses', 'max_connections', 'unix_socket_directories']],
  );
  expect(shown).toEqual([
    { name: 'application_name', setting: 'parley-services' },
    { name: 'fsync', setting: 'off' },
    { name: 'listen_addresses', setting: '127.0.0.1' },
    { name: 'max_connections', setting: '20' },
    { name: 'unix_socket_directories', setting: server.folder },
  ]);
  await using other = await session('');
  const { rows } = await other.client.query(
    "SELECT reset_val FROM pg_settings WHERE name = 'max_connections'",
  );
  expect(rows).toEqual([{ reset_val: '20' }]);
});

describe('pause', () => {
  test('a session that was open hangs, and is answered after resume', async () => {
    await using app = await session();
    await server.pause();
    const answer = app.client.query('SELECT 1 AS one');
    expect(await settles(answer, 300)).toBe(false);
    await server.resume();
    expect((await answer).rows).toEqual([{ one: 1 }]);
  });

  test('a new connection hangs, and is served after resume', async () => {
    await server.pause();
    const opening = session();
    expect(await settles(opening, 300)).toBe(false);
    await server.resume();
    await using app = await opening;
    expect((await app.client.query('SELECT 1 AS one')).rows).toEqual([{ one: 1 }]);
  });
});

describe('death and return', () => {
  test('kill ends sessions at once; restart keeps what was acknowledged, on the same port', async () => {
    await using app = await session();
    await app.client.query('INSERT INTO kept VALUES (1)');
    const before = server.pid;
    await server.kill();
    await app.lost;
    await expect(session()).rejects.toMatchObject({ code: 'ECONNREFUSED' });
    await server.restart({ data: 'keep' });
    expect(server.pid).not.toBe(before);
    expect(await server.query('SELECT n FROM kept')).toEqual([{ n: 1 }]);
  });

  test('an immediate stop ends sessions without an error of Postgres, and what was acknowledged is recovered', async () => {
    await using app = await session();
    await app.client.query('INSERT INTO kept VALUES (2)');
    await server.stopImmediately();
    expect(await app.lost).not.toBe('57P01');
    await server.restart({ data: 'keep' });
    expect(await server.query('SELECT n FROM kept ORDER BY n')).toEqual([{ n: 1 }, { n: 2 }]);
  });

  test('a restart of a running server says 57P01', async () => {
    await using app = await session();
    await server.restart({ data: 'keep' });
    expect(await app.lost).toBe('57P01');
    expect(await server.query('SELECT count(*)::int AS n FROM kept')).toEqual([{ n: 2 }]);
  });

  test('a wiped server comes back empty with its settings, also when it was paused', async () => {
    await server.pause();
    await server.restart({ data: 'wipe' });
    expect(
      await server.query("SELECT to_regclass('kept') AS kept, current_setting('max_connections') AS max"),
    ).toEqual([{ kept: null, max: '20' }]);
  });

  test('it comes back on its port when somebody else has it for a moment', async () => {
    await server.kill();
    const guests = new Set<Socket>();
    const squatter = createServer((guest) => guests.add(guest.on('error', () => {})));
    await new Promise<void>((resolve) => squatter.listen(server.port, '127.0.0.1', resolve));
    const back = server.restart({ data: 'keep' });
    expect(await settles(back, 300)).toBe(false);
    squatter.close();
    for (const guest of guests) guest.destroy();
    await back;
    expect(await server.query('SELECT 1 AS one')).toEqual([{ one: 1 }]);
  });

  test('stop leaves no process, no folder and no shared memory, also after kill, and is safe twice', async () => {
    const doomed = await startPostgres();
    const { pid, folder } = doomed;
    expect(sharedMemoryOf(pid)).toHaveLength(1);
    await doomed.kill();
    await doomed.stop();
    await doomed.stop();
    expect([existsSync(folder), existsSync(`/proc/${pid}`), sharedMemoryOf(pid)]).toEqual([false, false, []]);
  });
});

describe('terminateBackends', () => {
  test('by application name: that session ends with 57P01, others stay', async () => {
    await using victim = await session('victim');
    await using other = await session('other');
    expect(await server.terminateBackends({ applicationName: 'victim' })).toBe(1);
    expect(await victim.lost).toBe('57P01');
    expect((await other.client.query('SELECT 1 AS one')).rows).toEqual([{ one: 1 }]);
  });

  test('the listener only', async () => {
    await using listener = await session();
    await using worker = await session();
    await listener.client.query('LISTEN news');
    await using named = await session('parley listener');
    await named.client.query('LISTEN other; SELECT 1');
    await worker.client.query("NOTIFY news, 'hello'");
    expect(await server.terminateBackends({ listeners: true })).toBe(2);
    expect(await Promise.all([listener.lost, named.lost])).toEqual(['57P01', '57P01']);
    expect((await worker.client.query('SELECT 1 AS one')).rows).toEqual([{ one: 1 }]);
  });

  test('by a piece of the statement, while it runs', async () => {
    await using sleeper = await session();
    const answer = codeOf(sleeper.client.query('SELECT pg_sleep(60) /* slow report */'));
    await vi.waitFor(async () => expect(await server.terminateBackends({ query: 'slow report' })).toBe(1));
    expect(await answer).toBe('57P01');
  });
});

test('setReadOnly refuses writes of open sessions with 25006 until it is taken back', async () => {
  await server.query('CREATE TABLE writes (n int)');
  await using app = await session();
  await server.setReadOnly(true);
  expect(await codeOf(app.client.query('INSERT INTO writes VALUES (1)'))).toBe('25006');
  await using late = await session();
  expect(await codeOf(late.client.query('INSERT INTO writes VALUES (2)'))).toBe('25006');
  await server.setReadOnly(false);
  expect(await codeOf(app.client.query('INSERT INTO writes VALUES (3)'))).toBe('done');
  expect(await server.query('SELECT n FROM writes')).toEqual([{ n: 3 }]);
});

test('configure changes a setting for new sessions, and null takes it back', async () => {
  const shown = async () => {
    await using app = await session();
    return (await app.client.query('SHOW lock_timeout')).rows;
  };
  await server.configure({ lock_timeout: '7s' });
  expect(await shown()).toEqual([{ lock_timeout: '7s' }]);
  await server.configure({ lock_timeout: null });
  expect(await shown()).toEqual([{ lock_timeout: '0' }]);
});

test('two schemas know nothing of each other', async () => {
  const [one, two] = [await server.createSchema(), await server.createSchema('Zwei "2"')];
  await using first = await session('one', one.url);
  await using second = await session('two', two.url);
  await first.client.query('CREATE TABLE same (n int)');
  await second.client.query('CREATE TABLE same (n int)');
  await first.client.query('INSERT INTO same VALUES (1)');
  expect((await second.client.query('SELECT * FROM same')).rows).toEqual([]);
  expect((await second.client.query('SELECT current_schema() AS name')).rows).toEqual([{ name: 'Zwei "2"' }]);
  await server.dropSchema(two.schema);
  expect(await codeOf(second.client.query('SELECT * FROM same'))).toBe('42P01');
});

test('with a password, only who knows it gets in, and durable keeps fsync', async () => {
  const password = "it's:a/secret @ 100%";
  await using guarded = await startPostgres({ password, durable: true });
  expect(await guarded.query('SHOW fsync')).toEqual([{ fsync: 'on' }]);
  await using app = await session('app', guarded.url);
  expect((await app.client.query('SELECT 1 AS one')).rows).toEqual([{ one: 1 }]);
  const wrong = new URL(guarded.url);
  wrong.password = 'guess';
  expect(await codeOf(session('app', wrong.href))).toBe('28P01');
});

test('a setting that is none is refused before it reaches a file', async () => {
  await expect(startPostgres({ settings: { 'max connections': '1' } })).rejects.toThrow('max connections');
  await expect(startPostgres({ settings: { search_path: 'a\nfsync = on' } })).rejects.toThrow('search_path');
});

test('a server that cannot start rejects with what it said', async () => {
  await expect(startPostgres({ settings: { max_connections: 'many' } })).rejects.toThrow(/max_connections/);
});
