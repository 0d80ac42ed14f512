import assert from 'node:assert/strict';
import type { Law } from './law.ts';
import {
  bodiesOf,
  briefMs,
  confusable,
  newChannel,
  pageOf,
  record,
  unique,
  type BrokerHarness,
} from './broker-harness.ts';

export const streamLaws: readonly Law<BrokerHarness>[] = [
  {
    name: 'offsets count from 1 without holes, and records come back as they were',
    async verify({ broker, other }) {
      const channel = newChannel();
      const first = await broker.streams.append([record(channel, 'a'), record(channel, 'b')]);
      const second = await other.streams.append([record(channel, 'c', { id: 'id-of-c' })]);
      const replies = [...first, ...second];
      assert.deepEqual(
        replies.map(({ position }) => position.offset),
        [1, 2, 3],
      );
      assert.deepEqual(
        replies.map(({ repeated }) => repeated),
        [false, false, false],
      );
      const page = await pageOf(other, channel);
      assert.deepEqual(
        page.records.map(({ offset, body }) => [offset, body]),
        [
          [1, 'a'],
          [2, 'b'],
          [3, 'c'],
        ],
      );
      assert.equal(page.records[2]?.id, 'id-of-c');
      assert.equal(page.records[2]?.at, second[0]?.at);
      assert.deepEqual([page.top, page.oldest], [3, 1]);
      for (const { position } of replies) assert.equal(position.epoch, page.epoch);
    },
  },
  {
    name: 'each channel counts for itself, also within one call',
    async verify({ broker }) {
      const [one, two] = [newChannel(), newChannel()];
      const replies = await broker.streams.append([record(one, 'a'), record(two, 'b'), record(one, 'c')]);
      assert.deepEqual(
        replies.map(({ position }) => position.offset),
        [1, 1, 2],
      );
      assert.deepEqual([await bodiesOf(broker, one), await bodiesOf(broker, two)], [['a', 'c'], ['b']]);
    },
  },
  {
    name: 'bodies may be any well-formed text without NUL',
    async verify({ broker }) {
      const channel = newChannel();
      const bodies = [
        '{}',
        ' ',
        '\u0001\t\r\n\\u0000',
        'ü漢🜁\u{10ffff}',
        `'";--$1 %s {}[]`,
        'y'.repeat(1_000_000),
      ];
      await broker.streams.append(bodies.map((body) => record(channel, body)));
      assert.deepEqual(await bodiesOf(broker, channel), bodies);
    },
  },
  {
    name: 'names of channels mean nothing',
    async verify({ broker }) {
      const topic = unique('t');
      await broker.streams.append(confusable.map((name) => record(`${topic}:${name}`, `of ${name}`)));
      for (const name of confusable)
        assert.deepEqual(await bodiesOf(broker, `${topic}:${name}`), [`of ${name}`]);
    },
  },
  {
    name: 'reading goes on behind a position, up to the limit, which may be 0',
    async verify({ broker }) {
      const channel = newChannel();
      await broker.streams.append(['a', 'b', 'c', 'd'].map((body) => record(channel, body)));
      const { epoch } = await pageOf(broker, channel, undefined, 0);
      const part = await pageOf(broker, channel, { epoch, offset: 1 }, 2);
      assert.deepEqual(
        part.records.map(({ body }) => body),
        ['b', 'c'],
      );
      assert.equal(part.top, 4);
      const none = await pageOf(broker, channel, { epoch, offset: 4 });
      assert.deepEqual([none.records.length, none.top], [0, 4]);
      const position = await pageOf(broker, channel, undefined, 0);
      assert.deepEqual([position.records.length, position.top, position.oldest], [0, 4, 1]);
    },
  },
  {
    name: 'one call reads many channels, and answers in their order',
    async verify({ broker }) {
      const topic = unique('t');
      const channels = Array.from({ length: 300 }, (_, i) => `${topic}:${i}`);
      await broker.streams.append(channels.map((channel) => record(channel, `in ${channel}`)));
      const pages = await broker.streams.read(
        channels.map((channel) => ({ channel, after: undefined, limit: 10 })),
      );
      assert.deepEqual(
        pages.map(({ records }) => records[0]?.body),
        channels.map((channel) => `in ${channel}`),
      );
    },
  },
  {
    name: 'a channel without a record has an epoch, which stays when the first one comes',
    async verify({ broker, other }) {
      const channel = newChannel();
      const empty = await pageOf(broker, channel);
      assert.deepEqual([empty.top, empty.oldest, empty.records.length], [0, 1, 0]);
      assert.equal((await pageOf(other, channel)).epoch, empty.epoch);
      const [appended] = await other.streams.append([record(channel, 'a')]);
      assert.equal(appended?.position.epoch, empty.epoch);
      const page = await pageOf(broker, channel, { epoch: empty.epoch, offset: 0 });
      assert.deepEqual(
        page.records.map(({ body }) => body),
        ['a'],
      );
    },
  },
  {
    name: 'a position of another epoch reads nothing, and is told the epoch there is',
    async verify({ broker }) {
      const channel = newChannel();
      const [appended] = await broker.streams.append([record(channel, 'a')]);
      const page = await pageOf(broker, channel, { epoch: 'another', offset: 0 });
      assert.deepEqual([page.epoch, page.records.length, page.top], [appended?.position.epoch, 0, 1]);
    },
  },
  {
    name: 'two who append at once share the offsets in order',
    async verify({ broker, other }) {
      const channel = newChannel();
      const calls = Array.from({ length: 40 }, (_, i) => (i % 2 === 0 ? broker : other));
      const replies = await Promise.all(
        calls.map((each, i) => each.streams.append([record(channel, `${i}a`), record(channel, `${i}b`)])),
      );
      const offsets = replies.flat().map(({ position }) => position.offset);
      assert.deepEqual(
        offsets.toSorted((a, b) => a - b),
        Array.from({ length: 80 }, (_, i) => i + 1),
      );
      const bodies = await bodiesOf(broker, channel);
      for (const [i, reply] of replies.entries()) {
        assert.equal(bodies[(reply[0]?.position.offset ?? 0) - 1], `${i}a`);
        assert.equal(bodies[reply[0]?.position.offset ?? 0], `${i}b`);
      }
    },
  },
  {
    name: 'what may have been appended before is not appended twice',
    async verify({ broker, other }) {
      const channel = newChannel();
      const [lost, fresh] = [record(channel, 'lost reply'), record(channel, 'never arrived')];
      const [first] = await broker.streams.append([lost]);
      await broker.streams.append([record(channel, 'between')]);
      const again = await other.streams.append([
        { ...lost, sinceMs: 1_000 },
        { ...fresh, sinceMs: 1_000 },
      ]);
      assert.deepEqual(
        again.map(({ repeated }) => repeated),
        [true, false],
      );
      assert.deepEqual(again[0]?.position, first?.position);
      assert.equal(again[0]?.at, first?.at);
      assert.deepEqual(await bodiesOf(broker, channel), ['lost reply', 'between', 'never arrived']);
    },
  },
  {
    name: 'of one idempotency key only the first is appended, until its time is over',
    async verify({ broker, other, advance, toleranceMs }) {
      const [channel, elsewhere] = [newChannel(), newChannel()];
      const once = { key: 'order:1', forMs: briefMs + toleranceMs };
      const [first] = await broker.streams.append([record(channel, 'first', { once })]);
      const [second, third] = await other.streams.append([
        record(channel, 'second', { once }),
        record(elsewhere, 'elsewhere', { once }),
      ]);
      assert.deepEqual([second?.repeated, second?.position, second?.at], [true, first?.position, first?.at]);
      assert.equal(third?.repeated, false);
      await advance(briefMs + toleranceMs * 2);
      const [later] = await broker.streams.append([record(channel, 'later', { once })]);
      assert.equal(later?.repeated, false);
      assert.deepEqual(await bodiesOf(broker, channel), ['first', 'later']);
    },
  },
  {
    name: 'of one idempotency key within one call only the first is appended',
    async verify({ broker }) {
      const channel = newChannel();
      const once = { key: 'k', forMs: 60_000 };
      const replies = await broker.streams.append([
        record(channel, 'a', { once }),
        record(channel, 'b', { once }),
        record(channel, 'c'),
      ]);
      assert.deepEqual(
        replies.map(({ repeated }) => repeated),
        [false, true, false],
      );
      assert.deepEqual(replies[1]?.position, replies[0]?.position);
      assert.deepEqual(await bodiesOf(broker, channel), ['a', 'c']);
    },
  },
  {
    name: 'a log keeps as many records as it should, and says from where on',
    async verify(harness) {
      const { broker } = harness;
      const channel = newChannel();
      const keep = { count: 10, forMs: 600_000 };
      for (let i = 0; i < 30; i++) {
        await broker.streams.append(
          Array.from({ length: 50 }, (_, j) => record(channel, `${i * 50 + j}`, { keep })),
        );
      }
      // Trimming may come a moment later, and may leave some more.
      const atMost = 10 + 500;
      const { advance } = harness;
      for (let waited = 0; waited < 20_000; waited += 100) {
        const { oldest, top } = await pageOf(broker, channel, undefined, 0);
        if (top - oldest + 1 <= atMost) break;
        await advance(100);
      }
      const page = await pageOf(broker, channel);
      assert.equal(page.top, 1500);
      assert(
        page.top - page.oldest + 1 >= 10 && page.top - page.oldest + 1 <= atMost,
        `it keeps from ${page.oldest} on`,
      );
      assert.equal(page.records[0]?.offset, page.oldest);
      assert.equal(page.records[0]?.body, `${page.oldest - 1}`);
      assert.equal(
        (await pageOf(broker, channel, { epoch: page.epoch, offset: 1_499 })).records[0]?.body,
        '1499',
      );
    },
  },
  {
    name: 'a log that is dropped begins again in another epoch',
    async verify({ broker, other }) {
      const channel = newChannel();
      const [before] = await broker.streams.append([record(channel, 'a')]);
      await other.streams.drop([channel]);
      const page = await pageOf(broker, channel, before?.position);
      assert.deepEqual([page.top, page.records.length], [0, 0]);
      assert.notEqual(page.epoch, before?.position.epoch);
      const [after] = await broker.streams.append([record(channel, 'b')]);
      assert.deepEqual(after?.position, { epoch: page.epoch, offset: 1 });
    },
  },
  {
    name: 'the wide channels of a topic are listed page by page',
    async verify({ broker, other }) {
      const topic = unique('t');
      const names = ['a', 'b:c', 'd*', 'é', 'z'].map((name) => `${topic}:${name}`);
      await broker.streams.append(
        names.flatMap((name) => [1, 2].map((i) => record(name, `${i}`, { wide: true }))),
      );
      await broker.streams.append([
        record(`${topic}:narrow`, 'x'),
        record(`${topic}x:other`, 'x', { wide: true }),
      ]);
      const first = await other.streams.channels(topic, { limit: 2 });
      const rest = await other.streams.channels(topic, { after: first.at(-1)?.channel, limit: 100 });
      const all = [...first, ...rest];
      assert.equal(first.length, 2);
      assert.deepEqual(all.map(({ channel }) => channel).toSorted(), names.toSorted());
      for (const { channel, position } of all) {
        const { epoch } = await pageOf(broker, channel, undefined, 0);
        assert.deepEqual(position, { epoch, offset: 2 });
      }
    },
  },
];
