import type { FeedKind } from '@parley/bus';
import { systemClock } from '@parley/cache-core/kernel';
import { beforeEach, expect, test } from 'vitest';
import { RedisFeed } from '../../src/bus/feed.ts';
import type { FeedSubscriber, SubscriberEvents } from '../../src/bus/joined.ts';
import type { Place } from '../../src/bus/subscriber.ts';
import { failure } from '../support/connections.ts';

/** A server that confirms when the test says so. */
class FakeSubscriber implements FeedSubscriber {
  readonly events: SubscriberEvents;
  readonly said: string[] = [];
  readonly confirm: (() => void)[] = [];
  readonly refuse: ((error: Error) => void)[] = [];
  stopped = false;

  constructor(events: SubscriberEvents) {
    this.events = events;
  }

  async subscribe(places: readonly Place[]): Promise<void> {
    this.said.push(`+${places.map(({ channel }) => channel).join()}`);
    const { promise, resolve, reject } = Promise.withResolvers<void>();
    this.confirm.push(resolve);
    this.refuse.push(reject);
    await promise;
  }

  async unsubscribe(places: readonly Place[]): Promise<void> {
    this.said.push(`-${places.map(({ channel }) => channel).join()}`);
  }

  async stop(): Promise<void> {
    this.stopped = true;
  }
}

let servers: Map<string, FakeSubscriber>;
let lost: string[];
let heard: string[];
let feed: RedisFeed;
let slow: PromiseWithResolvers<FeedSubscriber>;

const server = (name: string): FakeSubscriber => {
  const known = servers.get(name);
  if (known === undefined) throw new Error(`${name} was not asked`);
  return known;
};

const turns = (): Promise<void> => systemClock.sleep(5);

beforeEach(() => {
  servers = new Map();
  slow = Promise.withResolvers();
  lost = [];
  heard = [];
  feed = new RedisFeed({
    clock: systemClock,
    listener: {
      records: (channel, epoch, records) =>
        heard.push(`${channel} ${epoch} ${records.map(({ offset, body }) => `${offset}${body}`).join(' ')}`),
      advanced: () => undefined,
      signal: (_kind, channel) => heard.push(channel),
      work: () => undefined,
      lost: (kind: FeedKind, names) => lost.push(...names.map((name) => `${kind} ${name}`)),
    },
    detectionMs: 1,
    ready: async () => undefined,
    // `a1` is on the server `a`; a topic is on all of them.
    placesOf: (kind, name) =>
      (kind === 'topic' ? ['a', 'b'] : [name.slice(0, 1)]).map((tag) => ({ channel: `${tag}/${name}`, tag })),
    isTopic: () => false,
    serverOf: (tag) => tag,
    subscriberFor: async (tag, events) => {
      if (tag === 'x') throw new Error('nobody is there');
      if (tag === 's') return slow.promise;
      const subscriber = new FakeSubscriber(events);
      servers.set(tag, subscriber);
      return subscriber;
    },
    asError: (error) => (error instanceof Error ? error : new Error(String(error))),
    onRefusal: () => undefined,
    onClose: () => undefined,
  });
});

test('what is lost while the rest is being joined makes the whole call fail, and nothing is followed', async () => {
  const joining = failure(feed.join('channel', ['a1', 'b1']));
  await turns();
  server('a').confirm[0]?.();
  await turns();
  server('a').events.onLost(['a/a1'], 'moved');
  server('b').confirm[0]?.();
  expect(String(await joining)).toMatch(/lost while it was being joined/);
  expect(server('b').said).toEqual(['+b/b1', '-b/b1']);
  // What had been joined by then was told; the other one was never in.
  expect(lost).toEqual(['channel a1']);
});

test('of what cannot be joined the rest is left again, and what was joined before stays', async () => {
  const first = feed.join('channel', ['a1']);
  await turns();
  server('a').confirm[0]?.();
  await first;
  const joining = failure(feed.join('channel', ['a1', 'a2', 'x1']));
  await turns();
  server('a').confirm[1]?.();
  expect(String(await joining)).toMatch(/nobody is there/);
  await turns();
  expect(server('a').said).toEqual(['+a/a1', '+a/a2', '-a/a2']);
  server('a').events.onMessage('a/a1', 'Sa1\0body');
  server('a').events.onMessage('a/a2', 'Sa2\0body');
  expect([heard, lost]).toEqual([['a1'], []]);
});

test('what another call has joined meanwhile stays, and what nobody could join can be joined later', async () => {
  const stop = new AbortController();
  const first = failure(feed.join('channel', ['a1'], { signal: stop.signal }));
  const second = feed.join('channel', ['a1']);
  await turns();
  stop.abort();
  server('a').confirm[0]?.();
  await Promise.all([first, second]);
  await turns();
  expect(server('a').said).toEqual(['+a/a1']);

  const refused = [failure(feed.join('channel', ['a2'])), failure(feed.join('channel', ['a2']))];
  await turns();
  server('a').refuse[1]?.(new Error('moved'));
  await Promise.all(refused);
  await turns();
  const again = feed.join('channel', ['a2']);
  await turns();
  server('a').confirm[2]?.();
  await again;
  expect(server('a').said).toEqual(['+a/a1', '+a/a2', '-a/a2', '+a/a2']);
});

test('a topic that is lost on one server is left on the others', async () => {
  const joining = feed.join('topic', ['t']);
  await turns();
  for (const name of ['a', 'b']) server(name).confirm[0]?.();
  await joining;
  server('a').events.onLost(['a/t'], 'the connection was lost');
  await turns();
  expect(lost).toEqual(['topic t']);
  expect(server('b').said).toEqual(['+b/t', '-b/t']);
});

test('calls take effect in the order in which they are made', async () => {
  const calls = [
    feed.join('channel', ['a1']),
    feed.leave('channel', ['a1']),
    feed.join('channel', ['a1', 'a2']),
    feed.leave('channel', ['a2', 'a3']),
  ];
  await turns();
  expect(server('a').said).toEqual(['+a/a1', '-a/a1', '+a/a1,a/a2', '-a/a2']);
  for (const confirm of server('a').confirm) confirm();
  await Promise.all(calls);
  expect(lost).toEqual([]);
});

test('closing does not wait for a server that does not answer, and closes it when it does', async () => {
  const joining = failure(feed.join('channel', ['s1']));
  await turns();
  await feed.close();
  const nothing = (): void => undefined;
  const late = new FakeSubscriber({ onMessage: nothing, onLost: nothing, onEnd: nothing });
  slow.resolve(late);
  expect(await joining).toMatchObject({ code: 'CLOSED' });
  await turns();
  expect(late.stopped).toBe(true);
});

test('after closing nothing is told, and what is being joined fails', async () => {
  const joining = failure(feed.join('channel', ['a1']));
  await turns();
  const closing = feed.close();
  server('a').confirm[0]?.();
  server('a').events.onMessage('a/a1', 'Sa1\0body');
  server('a').events.onLost(['a/a1'], 'ended');
  await closing;
  expect(await joining).toMatchObject({ code: 'CLOSED' });
  expect([server('a').stopped, heard, lost]).toEqual([true, [], []]);
});

const pushed = (epoch: string, offset: number, ...bodies: string[]): string =>
  [`R${epoch} ${offset} 1700000000000 a1`, ...bodies.map((body) => `id ${body}`)].join('\0');

async function joinA1(): Promise<FakeSubscriber> {
  const joining = feed.join('channel', ['a1']);
  await turns();
  server('a').confirm[0]?.();
  await joining;
  return server('a');
}

test('what this process has appended is told at once where it is the next, and not again when the server says it', async () => {
  const { events } = await joinA1();
  events.onMessage('a/a1', pushed('e', 4, 'd'));
  expect(feed.awaits('a1', 'e', 5)).toBe(true);
  feed.heard('a1', 'e', [{ offset: 5, at: 1, id: 'id', body: 'own' }]);
  feed.heard('a1', 'e', [{ offset: 6, at: 1, id: 'id', body: 'own' }]);
  events.onMessage('a/a1', pushed('e', 5, 'own'));
  events.onMessage('a/a1', pushed('e', 6, 'own'));
  events.onMessage('a/a1', pushed('e', 7, 'g', 'h'));
  expect(heard).toEqual(['a1 e 4d', 'a1 e 5own', 'a1 e 6own', 'a1 e 7g 8h']);
});

test('nothing is awaited before something was heard, behind a hole, in another epoch, after an announcement and of what is left', async () => {
  const { events } = await joinA1();
  expect(feed.awaits('a1', 'e', 1)).toBe(false);
  events.onMessage('a/a1', pushed('e', 1, 'x'));
  expect(feed.awaits('a1', 'e', 2)).toBe(true);
  expect(feed.awaits('a1', 'e', 3)).toBe(false);
  expect(feed.awaits('a1', 'f', 2)).toBe(false);
  events.onMessage('a/a1', 'Ae 2 1700000000000 a1');
  expect(feed.awaits('a1', 'e', 2)).toBe(false);
  expect(feed.awaits('a1', 'e', 3)).toBe(false);
  events.onMessage('a/a1', pushed('f', 1, 'x'));
  expect(feed.awaits('a1', 'f', 2)).toBe(true);
  await feed.leave('channel', ['a1']);
  expect(feed.awaits('a1', 'f', 2)).toBe(false);
});
