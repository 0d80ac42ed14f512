import type { Broker, BrokerFeed, FeedListener, JobStore, StreamStore } from '@parley/bus';

/** A broker that breaks one promise, and otherwise keeps them as well as it can. */
export type Saboteur = (good: Broker) => Broker;

/** For each law, brokers that it must catch. */
export type Saboteurs = Readonly<Record<string, readonly Saboteur[]>>;

export const streams =
  (change: (good: StreamStore) => Partial<StreamStore>): Saboteur =>
  (good) => ({ ...good, streams: { ...good.streams, ...change(good.streams) } });

export const jobs =
  (change: (good: JobStore) => Partial<JobStore>): Saboteur =>
  (good) => ({ ...good, jobs: { ...good.jobs, ...change(good.jobs) } });

/** Changes what a feed does. */
export const feeds =
  (change: (good: BrokerFeed) => Partial<BrokerFeed>): Saboteur =>
  (good) => ({
    ...good,
    open: (listener) => {
      const feed = good.open(listener);
      return { ...feed, ...change(feed) };
    },
  });

/** Changes what a feed tells. */
export const tellings =
  (change: (good: FeedListener) => Partial<FeedListener>): Saboteur =>
  (good) => ({ ...good, open: (listener) => good.open({ ...listener, ...change(listener) }) });

/** How a broker may mistake one name for another. */
export const lookalike = (name: string): string => name.replaceAll(/[^a-z0-9:]/gi, 'x');
