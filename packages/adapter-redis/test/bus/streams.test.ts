import { redisBroker } from '@parley/adapter-redis/bus';
import type { Broker, Position } from '@parley/bus';
import { isParleyError } from '@parley/cache-core/kernel';
import { startProxy, startRedis, until, type FaultProxy, type RedisServer } from '@parley/services';
import { afterAll, beforeAll, beforeEach, describe, expect, test, vi } from 'vitest';
import { appendOne, bodiesOf, Hearer, pageOf, record } from '../support/bus.ts';
import { connect, failure, standalone } from '../support/connections.ts';

// Servers take their time on a machine that is busy.
vi.setConfig({ testTimeout: 60_000 });

let server: RedisServer;
let proxy: FaultProxy;
let broker: Broker;
let channel: string;
let names = 0;

beforeAll(async () => {
  server = await startRedis({ config: { 'enable-debug-command': 'yes' } });
  proxy = await startProxy({ target: server });
});
afterAll(() => Promise.all([proxy.close(), server.stop()]));

beforeEach(() => {
  names += 1;
  channel = `topic:${names}`;
  broker = redisBroker(connect(standalone(proxy, { responseTimeout: '5s' })));
});

const head = (): string => `parley:head:{bus}:${channel}`;
const log = (): string => `parley:log:{bus}:${channel}`;

describe('an append whose reply was lost', () => {
  test('is reported, and found when it is repeated', async () => {
    const lost = record(channel, 'lost');
    await appendOne(broker, record(channel, 'before'));
    proxy.dropNextReply((request) => request.includes('lost'));
    expect(isParleyError(await failure(broker.streams.append([lost])), 'STORE_UNAVAILABLE')).toBe(true);
    const again = await until(() => appendOne(broker, { ...lost, sinceMs: 10_000 }), {
      what: 'the connection is back',
    });
    expect(again).toMatchObject({ repeated: true, position: { offset: 2 } });
    expect(await bodiesOf(broker, channel)).toEqual(['before', 'lost']);
  });

  test('is found behind hundreds of others that came since', async () => {
    const lost = record(channel, 'lost');
    const first = await appendOne(broker, lost);
    await broker.streams.append(Array.from({ length: 450 }, (_, i) => record(channel, `${i}`)));
    const fresh = record(channel, 'fresh');
    const again = await broker.streams.append([
      { ...fresh, sinceMs: 1_000 },
      { ...lost, sinceMs: 1_000 },
    ]);
    expect(again).toMatchObject([
      { repeated: false, position: { offset: 452 } },
      { repeated: true, position: first.position, at: first.at },
    ]);
  });
});

describe('an epoch lasts as long as nothing can have been lost', () => {
  test('the hash was evicted: the log begins anew, and nothing of the old one is left', async () => {
    const before = await appendOne(broker, record(channel, 'a'));
    await server.command('DEL', head());
    const after = await appendOne(broker, record(channel, 'b'));
    expect(after.position.offset).toBe(1);
    expect(after.position.epoch).not.toBe(before.position.epoch);
    expect(await bodiesOf(broker, channel)).toEqual(['b']);
    expect((await pageOf(broker, channel)).lineage).toEqual([]);
  });

  test('the records were evicted: they are missing, and nothing else is', async () => {
    const before = await appendOne(broker, record(channel, 'a'));
    await server.command('DEL', log());
    expect(await pageOf(broker, channel)).toMatchObject({
      epoch: before.position.epoch,
      top: 1,
      oldest: 2,
      records: [],
    });
    const after = await appendOne(broker, record(channel, 'b'));
    expect(after.position).toEqual({ epoch: before.position.epoch, offset: 2 });
    expect(await pageOf(broker, channel)).toMatchObject({ top: 2, oldest: 2 });
    expect(Number(await server.command('PTTL', log()))).toBeGreaterThan(0);
  });

  test('everything was flushed', async () => {
    const before = await appendOne(broker, record(channel, 'a'));
    await server.command('FLUSHALL');
    const page = await pageOf(broker, channel, before.position);
    expect(page).toMatchObject({ top: 0, oldest: 1, records: [], lineage: [] });
    expect(page.epoch).not.toBe(before.position.epoch);
    const after = await appendOne(broker, record(channel, 'b'));
    expect(after.position).toEqual({ epoch: page.epoch, offset: 1 });
  });

  test('what others put under the keys is no log', async () => {
    await server.command('SET', head(), 'theirs');
    await server.command('SET', log(), 'theirs');
    const { epoch } = await pageOf(broker, channel);
    expect((await appendOne(broker, record(channel, 'a'))).position).toEqual({ epoch, offset: 1 });
  });

  test('the history of the server changed: another epoch, which goes on with the earlier ones', async () => {
    const places: Position[] = [];
    let { epoch } = await pageOf(broker, channel);
    for (let i = 1; i <= 12; i++) {
      const { position } = await appendOne(broker, record(channel, `${i}`));
      // Asking does not change it, and neither does appending.
      expect(position).toEqual({ epoch, offset: i });
      places.unshift(position);
      await server.command('DEBUG', 'CHANGE-REPL-ID');
      const page = await pageOf(broker, channel, undefined, 0);
      expect([page.top, page.lineage]).toEqual([i, places.slice(0, 8)]);
      expect(places.map((place) => place.epoch)).not.toContain(page.epoch);
      ({ epoch } = page);
    }
    expect(await bodiesOf(broker, channel)).toHaveLength(12);
  });

  test('scripts were forgotten: nothing happens', async () => {
    const before = await appendOne(broker, record(channel, 'a'));
    await server.flushScripts();
    const after = await appendOne(broker, record(channel, 'b'));
    await server.flushScripts();
    expect(after.position).toEqual({ ...before.position, offset: 2 });
    expect(await bodiesOf(broker, channel)).toEqual(['a', 'b']);
  });
});

describe('what is kept', () => {
  test('no more records than asked for and some, the latest of them', async () => {
    const keep = { count: 20, forMs: 60_000 };
    const bodies = Array.from({ length: 1_500 }, (_, i) => `${i + 1}`);
    await broker.streams.append(bodies.map((body) => record(channel, body, { keep })));
    const { oldest, top, records } = await pageOf(broker, channel);
    expect(top).toBe(1_500);
    expect(oldest).toBeGreaterThan(1_500 - 20 - 300);
    expect(oldest).toBeLessThanOrEqual(1_500 - 20 + 1);
    expect(records.map(({ body }) => body)).toEqual(bodies.slice(oldest - 1));
    expect(records[0]?.offset).toBe(oldest);
  });

  test('no record much longer than asked for, while the epoch goes on', async () => {
    const keep = { count: 1_000, forMs: 400 };
    const first = await appendOne(broker, record(channel, 'first', { keep }));
    await until(
      async () => {
        const { position } = await appendOne(broker, record(channel, 'more', { keep }));
        expect(position.epoch).toBe(first.position.epoch);
        // Before it is read: what has become too old since then is no fault.
        const { at: now } = await appendOne(broker, record(channel, 'now', { keep }));
        const { oldest, records } = await pageOf(broker, channel);
        for (const { at, offset } of records) {
          expect(now - at).toBeLessThan(keep.forMs * 1.25 + 250);
          expect(offset).toBeGreaterThanOrEqual(oldest);
        }
        return oldest > 1;
      },
      { what: 'the first is gone', every: 30 },
    );
    await until(async () => (await server.command('EXISTS', log())) === 0, { what: 'all are gone' });
    const { epoch, top, oldest } = await pageOf(broker, channel);
    expect([epoch, oldest]).toEqual([first.position.epoch, top + 1]);
    expect((await appendOne(broker, record(channel, 'later'))).position).toEqual({ epoch, offset: top + 1 });
  });

  test('nothing for ever', async () => {
    const once = { key: 'k', forMs: 60_000 };
    await broker.streams.append([record(channel, 'a', { wide: true, once }), record(`${channel}:b`, 'b')]);
    await pageOf(broker, `${channel}:never written`);
    const keys = String(await server.command('KEYS', `parley:*${channel}*`)).split(',');
    expect(keys.length).toBeGreaterThanOrEqual(6);
    for (const key of [...keys, 'parley:topic:{bus}:topic']) {
      expect([key, Number(await server.command('PTTL', key)) > 0]).toEqual([key, true]);
    }
  });

  test('a page holds about a mebibyte, and at least a record', async () => {
    const bodies = Array.from({ length: 6 }, (_, i) => `${i}`.repeat(700_000));
    await broker.streams.append(bodies.map((body) => record(channel, body)));
    const seen: string[] = [];
    for (let after: Position | undefined; seen.length < bodies.length;) {
      const { epoch, records } = await pageOf(broker, channel, after);
      expect(records.length).toBeGreaterThan(0);
      expect(records.length).toBeLessThan(4);
      seen.push(...records.map(({ body }) => body));
      after = { epoch, offset: records.at(-1)?.offset ?? 0 };
    }
    expect(seen.map((body) => body.slice(0, 3))).toEqual(bodies.map((body) => body.slice(0, 3)));
  });

  test('the largest body there may be', async () => {
    const body = '\u00fc'.repeat(broker.capabilities.maxBodyBytes / 2);
    await appendOne(broker, record(channel, body));
    const [read] = await bodiesOf(broker, channel);
    expect(read === body).toBe(true);
  });
});

describe('idempotency keys', () => {
  test('of a log that is gone hold nothing', async () => {
    const once = { key: 'k', forMs: 60_000 };
    await appendOne(broker, record(channel, 'a', { once }));
    await broker.streams.drop([channel]);
    expect(await appendOne(broker, record(channel, 'b', { once }))).toMatchObject({ repeated: false });
    expect(await appendOne(broker, record(channel, 'c', { once }))).toMatchObject({ repeated: true });
    expect(await bodiesOf(broker, channel)).toEqual(['b']);
  });

  test('of channels and keys that look alike are told apart', async () => {
    const [one, other] = ['k', 'b:k'].map((key) => ({ key, forMs: 60_000 }));
    await appendOne(broker, record(`${channel}:b`, 'a', { once: one }));
    expect(await appendOne(broker, record(channel, 'b', { once: other }))).toMatchObject({ repeated: false });
  });
});

describe('the channels of a topic', () => {
  test('those that are gone are taken off its directory', async () => {
    const topic = `wide${names}`;
    const all = ['a', 'b', 'c', 'd', 'e'].map((name) => `${topic}:${name}`);
    await broker.streams.append(all.map((name) => record(name, 'x', { wide: true })));
    for (const name of all.slice(0, 3)) await server.command('DEL', `parley:head:{bus}:${name}`);
    const listed = await broker.streams.channels(topic, { limit: 2 });
    expect(listed.map((one) => one.channel)).toEqual(all.slice(3));
    expect(await server.command('ZCARD', `parley:topic:{bus}:${topic}`)).toBe(2);
  });
});

describe('followers', () => {
  test('get small records whole, and are told of large ones', async () => {
    const hearer = new Hearer(broker);
    await hearer.feed.join('channel', [channel]);
    const { epoch } = await pageOf(broker, channel);
    await broker.streams.append([record(channel, 'a'), record(channel, 'b')]);
    await broker.streams.append([record(channel, 'c'.repeat(1_000_000)), record(channel, 'd')]);
    await until(() => hearer.advances.length > 0, { what: 'the large one is told' });
    expect(hearer.records).toMatchObject([
      { channel, epoch, offset: 1, body: 'a' },
      { channel, epoch, offset: 2, body: 'b' },
    ]);
    expect(hearer.records).toEqual(
      (await pageOf(broker, channel)).records.slice(0, 2).map((one) => ({ ...one, channel, epoch })),
    );
    expect(hearer.advances).toEqual([{ channel, epoch, offset: 4 }]);
  });

  test('hear what their own process appends by the time that it is known to be there, once and in order with what others append', async () => {
    const hearer = new Hearer(broker);
    await hearer.feed.join('channel', [channel]);
    const other = redisBroker(connect(standalone(server)));
    await other.streams.append([record(channel, 'first')]);
    await until(() => hearer.records.length === 1, { what: 'the first is heard' });
    await broker.streams.append([record(channel, 'a'), record(channel, 'b')]);
    expect(hearer.records.map(({ body }) => body)).toEqual(['first', 'a', 'b']);
    for (let i = 0; i < 50; i++) {
      await Promise.all([broker, other].map((each) => each.streams.append([record(channel, `${i}`)])));
    }
    await until(() => hearer.records.at(-1)?.offset === 103, { what: 'all are heard' });
    expect(hearer.records.map(({ offset }) => offset)).toEqual(Array.from({ length: 103 }, (_, i) => i + 1));
  });

  test('are told of the epoch that comes after a drop, and nobody keeps one for nobody', async () => {
    const hearer = new Hearer(broker);
    await hearer.feed.join('channel', [channel]);
    const before = await appendOne(broker, record(channel, 'a'));
    await broker.streams.drop([channel, `${channel}:unheard`]);
    await until(() => hearer.advances.length > 0, { what: 'the drop is told' });
    const [{ epoch, offset } = { epoch: '', offset: 1 }] = hearer.advances;
    expect([offset, epoch === before.position.epoch]).toEqual([0, false]);
    expect((await appendOne(broker, record(channel, 'b'))).position).toEqual({ epoch, offset: 1 });
    expect(await server.command('EXISTS', `parley:head:{bus}:${channel}:unheard`)).toBe(0);
  });
});
