import assert from 'node:assert/strict';
import type { Gap, Message } from '../message.ts';
import { defineTopic } from '../topic.ts';
import { inTime, newTopic, numbered, text, waitFor, withBuses, type BusHarness } from './bus-harness.ts';
import type { Law } from './law.ts';

const textsOf = (messages: readonly Message<string>[]): string[] => messages.map(({ data }) => data);
export const messageLaws: readonly Law<BusHarness>[] = [
  {
    name: 'what one process publishes, another one handles: all of it, once, in order',
    verify: (harness) =>
      withBuses(harness, async (one, two) => {
        const topic = defineTopic(newTopic(), { class: 'stream', schema: text });
        const got: Message<string>[] = [];
        const subscription = two.subscribe(topic, (message) => void got.push(message), { channel: 'a' });
        await inTime(harness, subscription.ready(), 'the subscription');
        const sent = await inTime(
          harness,
          Promise.all(numbered(200).map((data) => one.publish(topic, data, { channel: 'a' }))),
          'the publications',
        );
        await waitFor(harness, () => got.length >= 200, 'all messages');
        assert.deepEqual(textsOf(got), numbered(200));
        assert.deepEqual(
          got.map(({ position }) => position),
          sent.map(({ position }) => position),
        );
        assert.deepEqual(
          got.map(({ id }) => id),
          sent.map(({ id }) => id),
        );
        assert.equal(got[0]?.source, one.source);
        assert.deepEqual(subscription.position('a'), sent.at(-1)?.position);
      }),
  },
  {
    name: 'a subscription goes on behind a position, or begins with the oldest that is kept',
    verify: (harness) =>
      withBuses(harness, async (one, two) => {
        const topic = defineTopic(newTopic(), { class: 'stream', schema: text });
        const sent = await inTime(harness, one.publishMany(topic, numbered(600)), 'the publications');
        const [behind, all]: [Message<string>[], Message<string>[]] = [[], []];
        const from = sent[499]?.position ?? 'now';
        const later = two.subscribe(topic, (message) => void behind.push(message), { from });
        const oldest = two.subscribe(topic, (message) => void all.push(message), { from: 'oldest' });
        await inTime(harness, Promise.all([later.ready(), oldest.ready()]), 'the subscriptions');
        await inTime(harness, one.publish(topic, 'last'), 'the publication');
        await waitFor(harness, () => behind.length >= 101 && all.length >= 601, 'all messages');
        assert.deepEqual(textsOf(behind), [...numbered(100, 500), 'last']);
        assert.deepEqual(textsOf(all), [...numbered(600), 'last']);
      }),
  },
  {
    name: 'a subscription by pattern takes the channels that match, old and new ones',
    verify: (harness) =>
      withBuses(harness, async (one, two) => {
        const topic = defineTopic(newTopic(), { class: 'stream', schema: text, patterns: true });
        await inTime(harness, one.publish(topic, 'before', { channel: 'room-old' }), 'the publication');
        const got: string[] = [];
        const subscription = two.subscribe(
          topic,
          ({ channel, data }) => void got.push(`${channel} ${data}`),
          {
            pattern: 'room-*',
          },
        );
        await inTime(harness, subscription.ready(), 'the subscription');
        for (const channel of ['room-old', 'hall', 'room-new', 'room-old', 'room-new']) {
          await inTime(harness, one.publish(topic, `${got.length}`, { channel }), 'the publication');
        }
        await waitFor(harness, () => got.length >= 4, 'four messages');
        const of = (name: string): number => got.filter((each) => each.startsWith(name)).length;
        assert.deepEqual([got.length, of('room-old'), of('room-new')], [4, 2, 2]);
      }),
  },
  {
    name: 'who follows a channel and its topic is told of each message once by each subscription, however it was said',
    verify: (harness) =>
      withBuses(harness, async (one, two) => {
        const topic = defineTopic(newTopic(), { class: 'stream', schema: text, patterns: true });
        const [narrow, wide]: [string[], string[]] = [[], []];
        const gaps: Gap[] = [];
        const onGap = (gap: Gap): void => void gaps.push(gap);
        const subscriptions = [
          two.subscribe(topic, ({ data }) => void narrow.push(data), { channel: 'a', onGap }),
          two.subscribe(topic, ({ data }) => void wide.push(data), { pattern: '*', onGap }),
        ];
        await inTime(harness, Promise.all(subscriptions.map((each) => each.ready())), 'the subscriptions');
        for (const [i, data] of numbered(20).entries()) {
          // As a program says it that does not know of patterns yet: followers of the topic need not hear of it at once.
          const record = { ...one.prepare(topic, data, { channel: 'a' }), wide: i % 3 !== 1 };
          await inTime(harness, harness.broker.streams.append([record]), 'the record');
        }
        await waitFor(harness, () => narrow.length >= 20 && wide.length >= 20, 'all messages');
        await inTime(harness, one.publish(topic, 'last', { channel: 'a' }), 'the publication');
        await waitFor(harness, () => narrow.at(-1) === 'last' && wide.at(-1) === 'last', 'the last one');
        const all = [...numbered(20), 'last'];
        assert.deepEqual([narrow, wide, gaps], [all, all, []]);
      }),
  },
  {
    name: 'ephemeral messages reach those who listen, and nobody later',
    verify: (harness) =>
      withBuses(harness, async (one, two) => {
        const topic = defineTopic(newTopic(), { class: 'ephemeral', schema: text, patterns: true });
        const [got, all]: [string[], string[]] = [[], []];
        await inTime(harness, one.publish(topic, 'early'), 'the publication');
        const main = two.subscribe(topic, ({ data }) => void got.push(data));
        const wide = two.subscribe(topic, ({ channel, data }) => void all.push(`${channel} ${data}`), {
          pattern: '**',
        });
        await inTime(harness, Promise.all([main.ready(), wide.ready()]), 'the subscriptions');
        await inTime(harness, one.publishMany(topic, ['a', 'b']), 'the publications');
        await inTime(harness, one.publish(topic, 'c', { channel: 'other/one' }), 'the publication');
        await waitFor(harness, () => got.length >= 2 && all.length >= 3, 'all messages');
        assert.deepEqual(
          [got, all],
          [
            ['a', 'b'],
            ['main a', 'main b', 'other/one c'],
          ],
        );
      }),
  },
  {
    name: 'a subscription may leave out what its own bus has published',
    verify: (harness) =>
      withBuses(harness, async (one, two) => {
        const topic = defineTopic(newTopic(), { class: 'stream', schema: text });
        const [others, all]: [string[], string[]] = [[], []];
        const skipping = one.subscribe(topic, ({ data }) => void others.push(data), { skipOwn: true });
        const hearing = one.subscribe(topic, ({ data }) => void all.push(data));
        await inTime(harness, Promise.all([skipping.ready(), hearing.ready()]), 'the subscriptions');
        await inTime(harness, one.publish(topic, 'own'), 'the publication');
        await inTime(harness, two.publish(topic, 'of another'), 'the publication');
        await waitFor(harness, () => all.length >= 2, 'both messages');
        assert.deepEqual([others, all], [['of another'], ['own', 'of another']]);
      }),
  },
  {
    name: 'publications of one idempotency key are one message',
    verify: (harness) =>
      withBuses(harness, async (one, two) => {
        const topic = defineTopic(newTopic(), { class: 'stream', schema: text });
        const publish = (bus: typeof one, data: string): ReturnType<typeof one.publish> =>
          inTime(harness, bus.publish(topic, data, { idempotencyKey: 'order 7' }), 'the publication');
        const [first, second] = [await publish(one, 'a'), await publish(two, 'b')];
        assert.deepEqual([first.repeated, second.repeated], [false, true]);
        assert.deepEqual(second.position, first.position);
        const { messages } = await inTime(harness, two.history(topic), 'the history');
        assert.deepEqual(textsOf(messages), ['a']);
      }),
  },
  {
    name: 'history is read page by page, and tells where it stands and what is missing',
    verify: (harness) =>
      withBuses(harness, async (one, two) => {
        const topic = defineTopic(newTopic(), { class: 'stream', schema: text });
        await inTime(harness, one.publishMany(topic, numbered(25)), 'the publications');
        const first = await inTime(harness, two.history(topic, { limit: 10 }), 'a page');
        const second = await inTime(harness, two.history(topic, { after: first.next, limit: 100 }), 'a page');
        assert.deepEqual([...textsOf(first.messages), ...textsOf(second.messages)], numbered(25));
        assert.deepEqual(second.next, await inTime(harness, one.position(topic), 'the position'));
        const { gap, messages } = await inTime(harness, two.history(topic, { after: second.next }), 'a page');
        assert.deepEqual([gap, messages], [false, []]);
        const lost = { epoch: 'of a log that is gone', offset: 3 };
        assert.equal((await inTime(harness, two.history(topic, { after: lost }), 'a page')).gap, true);
      }),
  },
  {
    name: 'a subscription behind the oldest record that is kept is told of the gap, and goes on',
    verify: (harness) =>
      withBuses(harness, async (one, two) => {
        const topic = defineTopic(newTopic(), { class: 'stream', schema: text, retention: { count: 5 } });
        const [first] = await inTime(harness, one.publishMany(topic, ['first']), 'the publication');
        for (let i = 0; i < 30; i++)
          await inTime(harness, one.publishMany(topic, numbered(50, i * 50)), 'more');
        const oldest = await oldestOf(harness, topic.name);
        assert(oldest > 2, 'the log must have been trimmed');
        const [gaps, got]: [Gap[], string[]] = [[], []];
        const subscription = two.subscribe(topic, ({ data }) => void got.push(data), {
          from: first?.position ?? 'now',
          onGap: (gap) => void gaps.push(gap),
        });
        await inTime(harness, subscription.ready(), 'the subscription');
        await waitFor(harness, () => got.at(-1) === '1499', 'the last message');
        const [gap] = gaps;
        assert.deepEqual(
          [gaps.length, gap?.reason, gap?.from.offset, gap?.channel],
          [1, 'trimmed', 1, 'main'],
        );
        assert.equal((gap?.missing ?? 0) + got.length, 1500);
        assert.deepEqual(got, numbered(got.length, 1500 - got.length));
      }),
  },
  {
    name: 'a log that is lost is told as a gap, and what comes after it arrives',
    verify: (harness) =>
      withBuses(harness, async (one, two) => {
        const topic = defineTopic(newTopic(), { class: 'stream', schema: text, checkEvery: '0.2s' });
        const [gaps, got]: [Gap[], string[]] = [[], []];
        const subscription = two.subscribe(topic, ({ data }) => void got.push(data), {
          onGap: (gap) => void gaps.push(gap),
        });
        await inTime(harness, subscription.ready(), 'the subscription');
        await inTime(harness, one.publishMany(topic, ['a', 'b']), 'the publications');
        await waitFor(harness, () => got.length === 2, 'the first messages');
        await harness.other.streams.drop([`${topic.name}:main`]);
        await inTime(harness, one.publishMany(topic, ['c', 'd']), 'the publications');
        await waitFor(harness, () => got.length === 4, 'the later messages');
        assert.deepEqual([got, gaps.map(({ reason }) => reason)], [['a', 'b', 'c', 'd'], ['epoch']]);
        assert.equal(gaps[0]?.from.offset, 2);
      }),
  },
];

async function oldestOf(harness: BusHarness, topic: string): Promise<number> {
  const state = { oldest: 1 };
  for (let tries = 0; tries < 200 && state.oldest <= 2; tries++) {
    const [page] = await harness.broker.streams.read([
      { channel: `${topic}:main`, after: undefined, limit: 0 },
    ]);
    state.oldest = page?.oldest ?? 1;
    if (state.oldest <= 2) await harness.advance(100);
  }
  return state.oldest;
}
