import type { Appended, Broker, BrokerCapabilities, NewRecord } from '@parley/bus';
import { createInstanceId, parseDuration } from '@parley/cache-core/kernel';
import type { Duration } from '@parley/cache-core/kernel';
import type { Database, Session } from '../database.ts';
import type { TablesOptions } from '../tables.ts';
import { busHealth } from './bus-health.ts';
import { BusSweeper } from './bus-sweeper.ts';
import { BusTables } from './bus-tables.ts';
import { PostgresFeed } from './feed.ts';
import { Jobs } from './jobs.ts';
import type { News } from './news.ts';
import { NoticeQueue } from './notice-queue.ts';
import { NoticeSender } from './notice-sender.ts';
import { Streams } from './streams.ts';
import { Wakeups } from './wakeups.ts';

export interface PostgresBrokerOptions extends TablesOptions {
  /**
   * How often a process that follows something looks after its listening connection, and after what notices may have missed. That it does
   * not hear any more is known after three of these at the latest.
   *
   * @default '600ms': within 1.8 s, which is inside the 2 s of the cache's `stalenessBound`
   */
  readonly heartbeat?: Duration | undefined;

  /**
   * How often logs are trimmed and what has expired is removed, by one of all processes.
   *
   * @default '1m'
   */
  readonly sweepEvery?: Duration | undefined;

  /** @default Math.random */
  readonly random?: (() => number) | undefined;
}

export interface AppendedIn {
  readonly appended: readonly Appended[];
  /** To be called when the transaction is committed: tells the followers at once. Without, they find it when they next look. */
  readonly committed: () => void;
}

export interface PostgresBroker extends Broker, AsyncDisposable {
  /**
   * Makes the tables, if they are to be made. The first call of any kind does it as well, except for `appendIn` where there is only one
   * connection, as in an embedded database: the transaction has it.
   */
  readonly prepare: () => Promise<void>;

  /**
   * Appends within a transaction of the caller's, so that its rows and what is told of them commit together. To be done last: whoever else
   * appends to these channels waits until the transaction ends. Of several calls in one transaction, all transactions must make theirs in
   * the same order of channels.
   */
  readonly appendIn: (session: Session, records: readonly NewRecord[]) => Promise<AppendedIn>;

  /** Trims, removes what has expired, and changes partitions now, instead of when it is due. */
  readonly sweep: () => Promise<void>;

  /** Ends the sweeping and the notices of this process. The database stays open, and so do feeds. */
  readonly close: () => Promise<void>;
}

function capabilitiesOf({ kind, maxConnections }: Database): BrokerCapabilities {
  return {
    // What is embedded has one process for itself.
    shared: kind === 'postgres',
    maxBodyBytes: 8 * 1024 * 1024,
    maxBatch: 500,
    // Half of the connections, so that no kind of call keeps all others waiting.
    maxInFlight: Math.max(1, Math.floor(maxConnections / 2)),
  };
}

/**
 * A bus in tables of a Postgres server or of an embedded one. Nothing is done before the first call. Feeds need a connection to the server
 * itself, or a pooler that gives a session to each client.
 */
export function postgresBroker(db: Database, options: PostgresBrokerOptions = {}): PostgresBroker {
  const { random = Math.random } = options;
  const heartbeatMs = parseDuration(options.heartbeat ?? '600ms', { field: 'heartbeat', min: 50 });
  const everyMs = parseDuration(options.sweepEvery ?? '1m', { field: 'sweepEvery', min: 100 });
  const tables = new BusTables(db, options);
  const sender = new NoticeSender(tables, createInstanceId());
  const wakeups = new Wakeups(sender, db.clock);
  const sweeper = new BusSweeper(tables, { everyMs, random });
  const noticeQueue = new NoticeQueue(tables);
  const feeds = new Set<PostgresFeed>();

  const said = (news: readonly News[]): void => {
    sweeper.wrote(news.length);
    for (const feed of feeds) feed.heard(news);
    wakeups.logs(news);
  };
  const woken = (queues: Iterable<string>): void => {
    const names = [...queues];
    if (names.length === 0) return;
    for (const feed of feeds) feed.worked(names);
    wakeups.queues(names);
  };
  const streams = new Streams(tables, said);

  const close = async (): Promise<void> => {
    await Promise.all([wakeups.close(), sweeper.close()]);
  };

  return {
    name: db.kind,
    prefix: `${tables.schema}.`,
    capabilities: capabilitiesOf(db),
    streams,
    jobs: new Jobs(tables, { woken, wrote: (rows) => sweeper.wrote(rows) }),
    send: async (signals, { signal } = {}) => {
      sweeper.wrote(0);
      await sender.signal(signals, signal);
    },
    open(listener) {
      const feed = new PostgresFeed(tables, listener, {
        self: sender.name,
        sent: (parcel) => sender.parcel(parcel),
        heartbeatMs,
        random,
        noticeQueue,
        onClose: (closed) => feeds.delete(closed),
      });
      feeds.add(feed);
      return feed;
    },
    async prepare() {
      await tables.prepare();
      // From now on there are partitions for the days to come.
      sweeper.wrote(0);
    },
    async appendIn(session, records) {
      const { appended, news } = await streams.appendIn(session, records);
      return { appended, committed: () => said(news) };
    },
    health: busHealth(tables, feeds),
    sweep: () => sweeper.sweep(),
    close,
    [Symbol.asyncDispose]: close,
  };
}
