import type { Database, Session } from '@parley/adapter-postgres';
import type { PostgresBroker } from '@parley/adapter-postgres/bus';
import { until } from '@parley/services';
import { afterAll, beforeAll, describe, expect, test, vi } from 'vitest';
import { openBackend } from '../support/backends.ts';
import type { Backend } from '../support/backends.ts';
import { bodiesOf, busOn, entry, hear, pageOf } from '../support/bus.ts';
import { failure } from '../support/failure.ts';

// Servers take their time on a machine that is busy.
vi.setConfig({ testTimeout: 60_000 });

describe('logs that several processes append to', () => {
  let backend: Backend;
  let broker: PostgresBroker;
  let other: PostgresBroker;
  beforeAll(async () => {
    backend = await openBackend('a server');
    broker = busOn(backend.db);
    other = busOn(backend.other);
  });
  afterAll(async () => {
    await Promise.all([broker.close(), other.close()]);
    await backend[Symbol.asyncDispose]();
  });

  /** Holds the log so that appends to it wait, until the returned function is called. */
  async function holdLog(channel: string): Promise<() => Promise<void>> {
    const session: Session = await backend.db.acquire();
    await session.query({ text: 'begin' });
    await session.query(
      { text: `select 1 from ${backend.db.schema}.bus_channels where channel = $1 for update` },
      [channel],
    );
    return async () => {
      await session.query({ text: 'commit' });
      session.release();
    };
  }

  const waiting = async (count: number): Promise<void> => {
    // Others use the same server.
    const asked = {
      text: `select count(*) from pg_locks as l join pg_stat_activity as a using (pid)
        where not l.granted and l.locktype in ('transactionid', 'tuple') and a.query like '%${backend.db.schema}.%'`,
    };
    await until(async () => Number((await backend.other.query(asked)).rows[0]?.[0]) >= count, {
      what: `${count} wait`,
    });
  };

  test('a transaction that appends late is not passed over by readers', async () => {
    const channel = 't:late';
    await broker.streams.append([entry(channel, 'first')]);
    const session = await backend.db.acquire();
    await session.query({ text: 'begin' });
    // An old transaction: by a number of its own it would come before what others append meanwhile.
    await session.query({ text: 'select pg_current_xact_id()' });
    await other.streams.append([entry(channel, 'second')]);
    const page = await pageOf(other, channel);
    const { committed } = await broker.appendIn(session, [entry(channel, 'late')]);
    const blocked = other.streams.append([entry(channel, 'after')]);
    await waiting(1);
    expect((await pageOf(other, channel)).top).toBe(2);
    await session.query({ text: 'commit' });
    session.release();
    committed();
    await blocked;
    const rest = await pageOf(other, channel, { epoch: page.epoch, offset: page.top });
    expect(rest.records.map(({ offset, body }) => [offset, body])).toEqual([
      [3, 'late'],
      [4, 'after'],
    ]);
  });

  test('a record that is sent again while the first sending waits is appended once: the first comes first', async () => {
    const channel = 't:again 1';
    await broker.streams.append([entry(channel, 'before')]);
    const release = await holdLog(channel);
    const record = entry(channel, 'x');
    const first = broker.streams.append([record]);
    await waiting(1);
    const second = other.streams.append([{ ...record, sinceMs: 100 }]);
    await waiting(2);
    await release();
    const [one, two] = await Promise.all([first, second]);
    expect(two[0]).toMatchObject({ repeated: true, position: one[0]?.position });
    expect(await bodiesOf(broker, channel)).toEqual(['before', 'x']);
  });

  test('a record that is sent again while the first sending waits is appended once: the second comes first', async () => {
    const channel = 't:again 2';
    await broker.streams.append([entry(channel, 'before')]);
    const release = await holdLog(channel);
    const record = entry(channel, 'x');
    const second = other.streams.append([{ ...record, sinceMs: 100 }]);
    await waiting(1);
    // As from the socket of a server that hung; whoever sent it has given up.
    const first = failure(broker.streams.append([record]));
    await waiting(2);
    await release();
    expect(await second).toMatchObject([{ repeated: false, position: { offset: 2 } }]);
    expect(await first).toMatchObject({ code: 'STORE_FAULT' });
    expect(await bodiesOf(broker, channel)).toEqual(['before', 'x']);
  });

  test('batches over the same channels in any order never deadlock', async () => {
    const channels = Array.from({ length: 12 }, (_, i) => `t:crossing ${i}`);
    const rounds = Array.from({ length: 40 }, (_, i) => {
      const turned = [...channels.slice(i % 12), ...channels.slice(0, i % 12)];
      const order = i % 2 === 0 ? turned : turned.toReversed();
      return (i % 3 === 0 ? other : broker).streams.append(
        order.map((channel, j) => entry(channel, `${i}`, j % 5 === 0 && i % 4 === 0 ? { sinceMs: 10 } : {})),
      );
    });
    await Promise.all(rounds);
    for (const channel of channels) expect((await bodiesOf(broker, channel)).length).toBe(40);
  });

  test('a server that does not wait for its disk still does for records', async () => {
    const { db } = backend;
    await db.transaction(async (session) => {
      await session.query({ text: `set local synchronous_commit = off` });
      await broker.appendIn(session, [entry('t:durable', 'a')]);
      const { rows } = await session.query({ text: `select current_setting('synchronous_commit')` });
      expect(rows).toEqual([['local']]);
    });
  });
});

test('what is too large for a notice is fetched by others, and not by who sent it', async () => {
  await using backend = await openBackend('a server');
  const fetched = { db: 0, other: 0 };
  const counting = (name: 'db' | 'other'): Database => {
    const database = backend[name];
    return {
      ...database,
      query(statement, params, options) {
        if (statement.text.includes('bus_parcels') && statement.text.trimStart().startsWith('select'))
          fetched[name] += 1;
        return database.query(statement, params, options);
      },
    };
  };
  await using broker = busOn(counting('db'));
  await using other = busOn(counting('other'));
  await using here = hear(broker);
  await using there = hear(other);
  for (const { feed } of [here, there]) await feed.join('channel', ['t:large']);
  const bodies = ['first', 'x'.repeat(20_000), 'y'.repeat(20_000), 'last'];
  for (const body of bodies) await broker.send([{ channel: 't:large', body, wide: false }]);
  for (const heard of [here, there])
    await until(() => heard.signals.length >= bodies.length, { what: 'all was heard' });
  expect(here.signals).toEqual(bodies.map((body) => `channel t:large ${body}`));
  expect(there.signals).toEqual(here.signals);
  expect(fetched.db).toBe(0);
  expect(fetched.other).toBeGreaterThan(0);
});
