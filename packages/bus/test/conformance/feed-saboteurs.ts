import type { Broker, BrokerFeed, Signal } from '@parley/bus';
import { feeds, tellings, type Saboteur, type Saboteurs } from './saboteur.ts';

const signals =
  (change: (signals: readonly Signal[]) => readonly Signal[]): Saboteur =>
  (good) => ({ ...good, send: (some, options) => good.send(change(some), options) });

const bodies = (change: (body: string) => string): Saboteur =>
  signals((some) => some.map((one) => ({ ...one, body: change(one.body) })));

/** Workers are told only while something of this kind is going on. */
const workToldBy =
  (...allowed: readonly ('add' | 'redrive' | 'time')[]): Saboteur =>
  (good): Broker => {
    let now: 'add' | 'redrive' | 'time' = 'time';
    const during = async <T>(what: 'add' | 'redrive', work: () => Promise<T>): Promise<T> => {
      now = what;
      const done = work();
      now = 'time';
      return done;
    };
    return {
      ...tellings((listener) => ({
        work: (queue) => {
          if (allowed.includes(now)) listener.work(queue);
        },
      }))(good),
      jobs: {
        ...good.jobs,
        add: (some) => during('add', () => good.jobs.add(some)),
        redrive: (queue, options) => during('redrive', () => good.jobs.redrive(queue, options)),
      },
    };
  };

export const feedSaboteurs: Saboteurs = {
  'who has joined a channel hears of whatever is appended to it, by any process': [
    tellings(() => ({ records: () => undefined })),
    tellings((listener) => ({
      records: (channel, epoch, some) => listener.records(channel, epoch, some.slice(0, 1)),
    })),
    tellings((listener) => ({
      records: (channel, _epoch, some) => listener.records(channel, 'another', some),
    })),
    tellings((listener) => ({
      records: (channel, epoch, some) =>
        listener.records(
          channel,
          epoch,
          some.map((one) => ({ ...one, body: one.body.slice(0, 0) })),
        ),
    })),
  ],
  'who has not joined a channel, or has left it, hears nothing of it': [
    feeds(() => ({ leave: async () => undefined })),
  ],
  'what is joined again after it was left is heard': [
    feeds((feed) => ({
      leave: async (kind, names) => {
        await Promise.resolve();
        await feed.leave(kind, names);
      },
    })),
  ],
  'who follows a topic hears of its wide channels, also of new ones, and of nothing else': [
    (good) => ({
      ...good,
      streams: {
        ...good.streams,
        append: (some) => good.streams.append(some.map((one) => ({ ...one, wide: true }))),
      },
    }),
    feeds((feed) => ({
      join: async (kind, names) => (kind === 'topic' ? undefined : feed.join(kind, names)),
    })),
    feeds((feed) => ({
      join: async (kind, names) => {
        await feed.join(kind, names);
        if (kind === 'topic')
          await feed.join(
            kind,
            names.map((name) => `${name}x`),
          );
      },
    })),
  ],
  'signals reach those who follow the channel, in order, once': [
    signals((some) => [...some, ...some]),
    signals((some) => some.toReversed()),
    signals((some) => some.slice(0, 5)),
  ],
  'wide signals reach who follows the topic, and no channel': [
    signals((some) => some.map((one) => ({ ...one, wide: true }))),
    signals((some) => some.map((one) => ({ ...one, wide: false }))),
    tellings((listener) => ({
      signal: (_kind, channel, body) => listener.signal('channel', channel, body),
    })),
  ],
  'signals come back as they were, whatever their size': [
    bodies((body) => body.trim()),
    bodies((body) => body.slice(0, 7_999)),
    bodies((body) => body.replaceAll(/[^\u0020-\u007e]/g, '?')),
  ],
  'two feeds of one process both hear, and what one leaves the other keeps': [
    (good) => {
      const all: BrokerFeed[] = [];
      return {
        ...good,
        open: (listener) => {
          const feed = good.open(listener);
          all.push(feed);
          return {
            ...feed,
            leave: async (kind, names) => {
              for (const each of all) await each.leave(kind, names);
            },
          };
        },
      };
    },
    (good) => {
      let opened = 0;
      return {
        ...good,
        open: (listener) => {
          const silent = (opened += 1) > 1;
          return good.open(silent ? { ...listener, signal: () => undefined } : listener);
        },
      };
    },
  ],
  'many names are joined by one call': [
    feeds((feed) => ({ join: (kind, names) => feed.join(kind, names.slice(0, 100)) })),
  ],
  'a feed that is closed hears nothing': [
    feeds(() => ({ close: async () => undefined })),
    feeds((feed) => {
      let closed = false;
      return {
        join: async (kind, names) => (closed ? undefined : feed.join(kind, names)),
        close: async () => {
          closed = true;
          await feed.close();
        },
      };
    }),
  ],
  'workers of a queue are told of jobs, also when one becomes due and when dead ones come back': [
    workToldBy(),
    workToldBy('add', 'redrive'),
    workToldBy('add', 'time'),
    tellings((listener) => ({
      work: (queue) => {
        listener.work(queue);
        listener.work(`${queue}x`);
      },
    })),
  ],
};
