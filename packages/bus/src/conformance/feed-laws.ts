import assert from 'node:assert/strict';
import type { Law } from './law.ts';
import {
  briefMs,
  hearing,
  job,
  listen,
  newChannel,
  reached,
  record,
  unique,
  until,
  type BrokerHarness,
} from './broker-harness.ts';

export const feedLaws: readonly Law<BrokerHarness>[] = [
  {
    name: 'who has joined a channel hears of whatever is appended to it, by any process',
    async verify(harness) {
      const { broker, other } = harness;
      const channel = newChannel();
      await hearing(broker, { channel: [channel] }, async (heard) => {
        await other.streams.append([record(channel, 'a')]);
        await until(harness, () => reached(heard, channel) === 1, 'the first record is told');
        await broker.streams.append([record(channel, 'b'), record(channel, 'c')]);
        await until(harness, () => reached(heard, channel) === 3, 'the others are told');
        const [page] = await broker.streams.read([{ channel, after: undefined, limit: 0 }]);
        assert.equal(heard.reached.get(channel)?.epoch, page?.epoch);
        // What was pushed was pushed whole.
        for (const body of heard.bodies) assert(['a', 'b', 'c'].includes(body));
        assert.deepEqual(heard.lost, []);
      });
    },
  },
  {
    name: 'who has not joined a channel, or has left it, hears nothing of it',
    async verify(harness) {
      const { broker, other } = harness;
      const [channel, another, last] = [newChannel(), newChannel(), newChannel()];
      await hearing(broker, { channel: [channel, last] }, async (heard) => {
        await heard.feed.leave('channel', [channel]);
        await other.streams.append([record(channel, 'a'), record(another, 'b')]);
        await other.send([{ channel, body: 's', wide: true }]);
        await other.streams.append([record(last, 'c')]);
        await until(harness, () => reached(heard, last) === 1, 'the last record is told');
        assert.deepEqual([...heard.reached.keys()], [last]);
        assert.deepEqual(heard.signals, []);
      });
    },
  },
  {
    name: 'what is joined again after it was left is heard',
    async verify(harness) {
      const { broker, other } = harness;
      const channel = newChannel();
      await hearing(broker, { channel: [channel] }, async (heard) => {
        const left = heard.feed.leave('channel', [channel]);
        const joined = heard.feed.join('channel', [channel]);
        await Promise.all([left, joined]);
        await other.streams.append([record(channel, 'a')]);
        await until(harness, () => reached(heard, channel) === 1, 'the record is told');
      });
    },
  },
  {
    name: 'who follows a topic hears of its wide channels, also of new ones, and of nothing else',
    async verify(harness) {
      const { broker, other } = harness;
      const topic = unique('t');
      await hearing(broker, { topic: [topic] }, async (heard) => {
        await other.streams.append([
          record(`${topic}:narrow`, 'x'),
          record(`${topic}x:a`, 'x', { wide: true }),
          record(`${topic}:a`, 'x', { wide: true }),
          record(`${topic}:b`, 'x', { wide: true }),
        ]);
        await until(harness, () => heard.reached.size >= 2, 'two channels are told');
        assert.deepEqual([...heard.reached.keys()].toSorted(), [`${topic}:a`, `${topic}:b`]);
      });
    },
  },
  {
    name: 'signals reach those who follow the channel, in order, once',
    async verify(harness) {
      const { broker, other } = harness;
      const channel = newChannel();
      await hearing(broker, { channel: [channel] }, async (heard) => {
        await heard.feed.join('channel', [channel]);
        const bodies = Array.from({ length: 20 }, (_, i) => `n${i}`);
        for (const body of bodies.slice(0, 10)) await other.send([{ channel, body, wide: false }]);
        await other.send(bodies.slice(10).map((body) => ({ channel, body, wide: false })));
        await until(harness, () => heard.signals.length >= 20, 'all are heard');
        assert.deepEqual(
          heard.signals,
          bodies.map((body) => `channel ${channel} ${body}`),
        );
      });
    },
  },
  {
    name: 'wide signals reach who follows the topic, and no channel',
    async verify(harness) {
      const { broker, other } = harness;
      const topic = unique('t');
      await hearing(broker, { channel: [`${topic}:a`], topic: [topic] }, async (heard) => {
        await other.send([
          { channel: `${topic}:a`, body: 'narrow', wide: false },
          { channel: `${topic}:a`, body: 'wide', wide: true },
          { channel: `${topic}:b`, body: 'last', wide: true },
        ]);
        await until(harness, () => heard.signals.length >= 4, 'all are heard');
        assert.deepEqual(
          heard.signals.toSorted(),
          [
            `channel ${topic}:a narrow`,
            `channel ${topic}:a wide`,
            `topic ${topic}:a wide`,
            `topic ${topic}:b last`,
          ].toSorted(),
        );
      });
    },
  },
  {
    name: 'signals come back as they were, whatever their size',
    async verify(harness) {
      const { broker, other } = harness;
      const channel = newChannel('{x}*%"\'ü🜁');
      const bodies = [
        '{}',
        ' ',
        '\u0001\t\n\\u0000',
        'ü漢🜁',
        'x'.repeat(7_000),
        'ü'.repeat(30_000),
        'y'.repeat(1_000_000),
        'end',
      ];
      await hearing(broker, { channel: [channel] }, async (heard) => {
        await other.send(bodies.map((body) => ({ channel, body, wide: false })));
        await until(harness, () => heard.signals.length >= bodies.length, 'all are heard');
        assert.deepEqual(
          heard.signals,
          bodies.map((body) => `channel ${channel} ${body}`),
        );
      });
    },
  },
  {
    name: 'two feeds of one process both hear, and what one leaves the other keeps',
    async verify(harness) {
      const { broker, other } = harness;
      const channel = newChannel();
      await hearing(broker, { channel: [channel] }, (one) =>
        hearing(broker, { channel: [channel] }, async (two) => {
          await other.send([{ channel, body: 'a', wide: false }]);
          await until(harness, () => one.signals.length + two.signals.length >= 2, 'both hear');
          await one.feed.leave('channel', [channel]);
          await other.send([{ channel, body: 'b', wide: false }]);
          await until(harness, () => two.signals.length >= 2, 'the other one hears');
          assert.equal(one.signals.length, 1);
        }),
      );
    },
  },
  {
    name: 'many names are joined by one call',
    async verify(harness) {
      const { broker, other } = harness;
      const topic = unique('t');
      const names = Array.from({ length: 512 }, (_, i) => `${topic}:${i}`);
      await hearing(broker, { channel: names }, async (heard) => {
        await other.send(names.map((channel) => ({ channel, body: 'x', wide: false })));
        await until(harness, () => heard.signals.length >= 512, 'all are heard');
        assert.equal(new Set(heard.signals).size, 512);
      });
    },
  },
  {
    name: 'a feed that is closed hears nothing',
    async verify(harness) {
      const { broker, other } = harness;
      const channel = newChannel();
      const heard = listen(broker);
      await heard.feed.join('channel', [channel]);
      await heard.feed.close();
      await hearing(broker, { channel: [channel] }, async (later) => {
        await other.send([{ channel, body: 'x', wide: false }]);
        await until(harness, () => later.signals.length === 1, 'the open one hears');
        assert.deepEqual([heard.signals, heard.lost], [[], []]);
      });
      await assert.rejects(heard.feed.join('channel', [channel]), { code: 'CLOSED' });
    },
  },
  {
    name: 'workers of a queue are told of jobs, also when one becomes due and when dead ones come back',
    async verify(harness) {
      const { broker, other } = harness;
      const [queue, another] = [newChannel('workers'), newChannel('workers')];
      await hearing(broker, { queue: [queue] }, async (heard) => {
        const told = async (work: () => Promise<unknown>, what: string): Promise<void> => {
          // What was said before must not be taken for what is said now.
          await harness.advance(briefMs / 2);
          const before = heard.work.length;
          await work();
          await until(harness, () => heard.work.length > before, `workers are told of ${what}`);
        };
        const bury = async (): Promise<void> => {
          const token = unique('k');
          const [taken] = await broker.jobs.take({ queue, limit: 1, leaseMs: 60_000, token, maxAttempts: 3 });
          const [buried] = await broker.jobs.settle([
            { queue, id: taken?.id ?? '', token, outcome: 'dead', reason: 'r' },
          ]);
          assert.equal(buried, true, 'there is a job when workers are told of one');
        };
        await told(() => other.jobs.add([job(another, 'x'), job(queue, 'a')]), 'a job');
        await bury();
        await other.jobs.add([job(queue, 'late', { delayMs: briefMs + harness.toleranceMs })]);
        await told(async () => undefined, 'one that has become due');
        await bury();
        await told(() => other.jobs.redrive(queue, { limit: 1 }), 'one that has come back');
        assert(heard.work.every((name) => name === queue));
      });
    },
  },
];
