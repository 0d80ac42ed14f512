import { postgresBroker } from '@parley/adapter-postgres/bus';
import type { PostgresBroker, PostgresBrokerOptions } from '@parley/adapter-postgres/bus';
import type { Database } from '@parley/adapter-postgres';
import type { Broker, BrokerFeed, NewJob, NewRecord, Position, StreamPage } from '@parley/bus';
import { until } from '@parley/services';

/** Longer than any test takes. */
export const longMs = 3_600_000;

let ids = 0;

export function entry(channel: string, body: string, more: Partial<NewRecord> = {}): NewRecord {
  ids += 1;
  return {
    channel,
    id: `r${ids}`,
    body,
    keep: { count: 10_000, forMs: longMs },
    wide: false,
    ...more,
  };
}

export function job(queue: string, body: string, more: Partial<NewJob> = {}): NewJob {
  ids += 1;
  return { queue, id: `j${ids}`, body, delayMs: 0, ...more };
}

export async function pageOf(
  broker: Broker,
  channel: string,
  after?: Position,
  limit = 1_000,
): Promise<StreamPage> {
  const [page] = await broker.streams.read([{ channel, after, limit }]);
  if (page === undefined) throw new Error('nothing was answered');
  return page;
}

export async function bodiesOf(broker: Broker, channel: string): Promise<string[]> {
  return (await pageOf(broker, channel)).records.map(({ body }) => body);
}

/** A test process that stands still for longer than this is told of losses that nobody has brought about. */
export const detectionMs = 1_500;

/** A broker whose listener is looked after often, and whose logs are swept when a test says so. */
export function busOn(db: Database, more: PostgresBrokerOptions = {}): PostgresBroker {
  return postgresBroker(db, { heartbeat: '500ms', sweepEvery: '1h', ...more });
}

export interface Hearing extends AsyncDisposable {
  readonly feed: BrokerFeed;
  readonly signals: string[];
  readonly bodies: string[];
  readonly work: string[];
  /** Names that were lost, and why. */
  readonly lost: { readonly name: string; readonly reason: string }[];
  readonly reached: Map<string, Position>;
  reaches(channel: string, offset: number): Promise<void>;
}

/** A feed that remembers what it was told. */
export function hear(broker: Broker): Hearing {
  const told: Omit<Hearing, 'feed' | 'reaches' | typeof Symbol.asyncDispose> = {
    signals: [],
    bodies: [],
    work: [],
    lost: [],
    reached: new Map(),
  };
  const feed = broker.open({
    records(channel, epoch, records) {
      told.bodies.push(...records.map(({ body }) => body));
      const last = records.at(-1);
      if (last !== undefined) told.reached.set(channel, { epoch, offset: last.offset });
    },
    advanced: (channel, position) => told.reached.set(channel, position),
    signal: (kind, channel, body) => told.signals.push(`${kind} ${channel} ${body}`),
    work: (queue) => told.work.push(queue),
    lost: (_, names, reason) => told.lost.push(...names.map((name) => ({ name, reason }))),
  });
  return {
    ...told,
    feed,
    async reaches(channel, offset) {
      const there = (): boolean => (told.reached.get(channel)?.offset ?? 0) >= offset;
      await until(there, { what: `${channel} has come to ${offset}` });
    },
    [Symbol.asyncDispose]: () => feed.close(),
  };
}
