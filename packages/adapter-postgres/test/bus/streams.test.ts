import type { Database } from '@parley/adapter-postgres';
import type { PostgresBroker } from '@parley/adapter-postgres/bus';
import { createBus, defineTopic } from '@parley/bus';
import { until } from '@parley/services';
import { afterAll, beforeAll, describe, expect, test, vi } from 'vitest';
import { openBackend } from '../support/backends.ts';
import type { Backend } from '../support/backends.ts';
import { bodiesOf, busOn, entry, hear, longMs, pageOf } from '../support/bus.ts';
import { failure } from '../support/failure.ts';
import { text } from '../support/text.ts';

// Servers take their time on a machine that is busy.
vi.setConfig({ testTimeout: 60_000 });

describe.each(['a server', 'PGlite in memory'])('logs on %s', (name) => {
  let backend: Backend;
  let db: Database;
  let broker: PostgresBroker;
  let other: PostgresBroker;
  beforeAll(async () => {
    backend = await openBackend(name);
    ({ db } = backend);
    broker = busOn(db);
    other = busOn(backend.other);
    await broker.prepare();
  });
  afterAll(async () => {
    await Promise.all([broker.close(), other.close()]);
    await backend[Symbol.asyncDispose]();
  });

  const sql = async (text: string): Promise<readonly (readonly (string | null)[])[]> =>
    (await db.query({ text: text.replaceAll('parley.', `${db.schema}.`) })).rows;

  test('with one connection the tables are to be made before a transaction', async () => {
    await using own = busOn({ ...db, maxConnections: 1 });
    const appended = db.transaction((session) => own.appendIn(session, [entry('t:x', 'a')]));
    expect(await failure(appended)).toMatchObject({ code: 'STORE_FAULT' });
  });

  test('what is appended within a transaction is there when it commits, and the followers are told', async () => {
    const channel = 't:within';
    await using heard = hear(other);
    await heard.feed.join('channel', [channel]);
    const { appended, committed } = await db.transaction((session) =>
      broker.appendIn(session, [entry(channel, 'a'), entry(channel, 'b')]),
    );
    expect(appended.map(({ position }) => position.offset)).toEqual([1, 2]);
    committed();
    await heard.reaches(channel, 2);
    expect(await bodiesOf(other, channel)).toEqual(['a', 'b']);
  });

  test('what is appended within a transaction that nobody tells of is found all the same', async () => {
    const channel = 't:untold';
    await using heard = hear(other);
    await heard.feed.join('channel', [channel]);
    await db.transaction((session) => broker.appendIn(session, [entry(channel, 'a')]));
    await heard.reaches(channel, 1);
    expect(heard.bodies).toEqual([]);
  });

  test('a record that nobody told of is a hole in what is pushed, which its followers fill and count', async () => {
    const topic = defineTopic('hole', { class: 'stream', schema: text });
    // It looks too rarely to find the record before the next one is pushed.
    await using idle = busOn(backend.other, { heartbeat: '1h' });
    await using listening = createBus({ broker: idle });
    await using speaking = createBus({ broker });
    const got: string[] = [];
    const subscription = listening.subscribe(topic, ({ data }) => void got.push(data));
    await subscription.ready({ within: '20s' });
    await db.transaction((session) => broker.appendIn(session, [speaking.prepare(topic, 'untold')]));
    await speaking.publish(topic, 'told');
    await until(() => got.length === 2, { what: 'both are heard' });
    expect(got).toEqual(['untold', 'told']);
    expect(listening.stats()).toMatchObject({ repaired: 1, gaps: 0, delivered: 2 });
  });

  test('of a transaction that is rolled back nothing remains, and its offset goes to the next record', async () => {
    const channel = 't:rolled back';
    const undone = await failure(
      db.transaction(async (session) => {
        await broker.appendIn(session, [entry(channel, 'never')]);
        throw new Error('changed my mind');
      }),
    );
    expect(undone).toMatchObject({ message: 'changed my mind' });
    const [first] = await broker.streams.append([entry(channel, 'a')]);
    expect(first?.position.offset).toBe(1);
    expect(await bodiesOf(broker, channel)).toEqual(['a']);
  });

  test('records of megabytes, more of them than a statement should carry, are appended all together', async () => {
    const channel = 't:large';
    const bodies = ['a', 'b', 'c'].map((letter) => letter.repeat(7 * 1024 * 1024));
    const appended = await broker.streams.append(bodies.map((body) => entry(channel, body)));
    expect(appended.map(({ position }) => position.offset)).toEqual([1, 2, 3]);
    // Not all of them fit into one page.
    const first = await pageOf(broker, channel);
    expect(first.records.length).toBeLessThan(3);
    const rest = await pageOf(broker, channel, { epoch: first.epoch, offset: 2 });
    expect(rest.records.map(({ body }) => body === bodies[2])).toEqual([true]);
    await broker.streams.drop([channel]);
  });

  test('a record that is older than its log keeps is not shown, whether or not it was removed', async () => {
    const channel = 't:aged';
    const keep = { count: 1_000, forMs: 250 };
    await broker.streams.append([entry(channel, 'old', { keep }), entry(channel, 'old too', { keep })]);
    const isGone = async (): Promise<boolean> => (await pageOf(broker, channel, undefined, 0)).oldest === 3;
    await until(isGone, { what: 'it is too old' });
    expect((await pageOf(broker, channel)).records).toEqual([]);
    await broker.streams.append([entry(channel, 'new', { keep: { count: 1_000, forMs: longMs } })]);
    await broker.sweep();
    expect(await pageOf(broker, channel)).toMatchObject({ top: 3 });
  });

  test('a sweep removes what no log keeps any more, by number and by age', async () => {
    const [counted, aged] = ['t:swept by number', 't:swept by age'];
    await broker.streams.append(
      Array.from({ length: 100 }, (_, i) => entry(counted, `${i}`, { keep: { count: 10, forMs: longMs } })),
    );
    const brief = { keep: { count: 100, forMs: 1 } };
    await broker.streams.append([entry(aged, 'a', brief), entry(aged, 'b', brief)]);
    const rowsOf = async (channel: string): Promise<number> => {
      const text = `select count(*) from parley.bus_records as r join parley.bus_channels as c on c.id = r.channel where c.channel = '${channel}'`;
      return Number((await sql(text))[0]?.[0]);
    };
    expect(await rowsOf(counted)).toBe(100);
    await until(async () => (await pageOf(broker, aged, undefined, 0)).oldest === 3, {
      what: 'it is too old',
    });
    await broker.sweep();
    expect([await rowsOf(counted), await rowsOf(aged)]).toEqual([10, 0]);
    expect(await pageOf(broker, counted)).toMatchObject({ top: 100, oldest: 91 });
    expect(await pageOf(broker, aged)).toMatchObject({ top: 2, oldest: 3, records: [] });
  });

  test('days of which nobody keeps anything are dropped whole, and days to come are there', async () => {
    const channel = 't:days';
    const keep = { count: 1_000_000, forMs: 3 * 86_400_000 };
    await broker.streams.append([entry(channel, 'a', { keep }), entry(channel, 'b', { keep })]);
    const days = async (): Promise<readonly (string | null)[]> =>
      (
        await sql(
          `select c.relname from pg_inherits as i join pg_class as c on c.oid = i.inhrelid
           where i.inhparent = 'parley.bus_records'::regclass order by 1`,
        )
      ).map(([name]) => name ?? null);
    // A day that is long past, with a record of this log in it.
    await sql(
      `create table parley.bus_records_20200101 partition of parley.bus_records
       for values from ('2020-01-01 00:00Z') to ('2020-01-02 00:00Z')`,
    );
    await sql(
      `insert into parley.bus_records (channel, place, at, id, body)
       select id, 0, '2020-01-01 12:00Z', 'past', 'past' from parley.bus_channels where channel = '${channel}'`,
    );
    const before = await days();
    expect(before).toContain('bus_records_20200101');
    await broker.sweep();
    const after = await days();
    expect(after).toEqual(before.filter((day) => day !== 'bus_records_20200101'));
    expect(after.length).toBeGreaterThanOrEqual(3);
    expect(await pageOf(broker, channel)).toMatchObject({ oldest: 1, top: 2 });
  });

  test('a day without a partition gets one when something is appended', async () => {
    await broker.streams.append([entry('t:first', 'a')]);
    const today = new Date().toISOString().slice(0, 10).replaceAll('-', '');
    await sql(`drop table parley.bus_records_${today}`);
    const [appended] = await broker.streams.append([entry('t:no day', 'a')]);
    expect(appended?.position.offset).toBe(1);
    expect(await bodiesOf(broker, 't:no day')).toEqual(['a']);
    // What was in the day that is gone is gone, and the logs say so.
    expect(await pageOf(broker, 't:first')).toMatchObject({ top: 1, oldest: 2, records: [] });
  });

  test('keys, tokens, fences and parcels that have had their time are removed', async () => {
    await broker.streams.append([entry('t:keys', 'a', { once: { key: 'k', forMs: 1 } })]);
    await broker.streams.append([entry('t:keys', 'b', { sinceMs: 1 })]);
    await broker.send([{ channel: 't:keys', body: 'x'.repeat(20_000), wide: false }]);
    await sql(`update parley.bus_fences set until = now() - interval '1 s'`);
    await sql(`update parley.bus_parcels set at = now() - interval '1 hour'`);
    const left = async (): Promise<number> => {
      await broker.sweep();
      const [row] = await sql(
        `select (select count(*) from parley.bus_once) + (select count(*) from parley.bus_fences) + (select count(*) from parley.bus_parcels)`,
      );
      return Number(row?.[0]);
    };
    await until(async () => (await left()) === 0, { what: 'they are gone' });
  });

  test('tables that were dropped are made anew, and the logs begin again', async () => {
    const own = busOn(db, { schema: `${db.schema}_x`.slice(-40).replace(/^[^a-z_]/, '_') });
    try {
      const [before] = await own.streams.append([entry('t:a', 'a')]);
      const schema = `${db.schema}_x`.slice(-40).replace(/^[^a-z_]/, '_');
      await db.query({ text: `drop schema ${schema} cascade` });
      expect(await failure(own.streams.append([entry('t:a', 'b')]))).toMatchObject({
        code: 'STORE_UNAVAILABLE',
      });
      const [after] = await own.streams.append([entry('t:a', 'c')]);
      expect(after?.position.offset).toBe(1);
      expect(after?.position.epoch).not.toBe(before?.position.epoch);
      await db.query({ text: `drop schema ${schema} cascade` });
    } finally {
      await own.close();
    }
  });
});
