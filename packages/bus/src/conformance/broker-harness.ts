import assert from 'node:assert/strict';
import type { Broker, NewRecord, StreamPage } from '../broker.ts';
import type { BrokerFeed, FeedKind } from '../feed.ts';
import type { NewJob, TakenJob, TakeRequest } from '../job-store.ts';
import type { Position } from '../position.ts';

/** What a broker's author provides; every law gets a new one. */
export interface BrokerHarness {
  /** A broker over empty data. */
  readonly broker: Broker;
  /** A second one over the same data, as another process has it; the same object where that cannot be. */
  readonly other: Broker;
  /** Lets time pass for the broker: really, or by moving its clock. */
  readonly advance: (ms: number) => Promise<void>;
  /** How much too late, or too early, the broker may notice that time has passed. */
  readonly toleranceMs: number;
}

export const longMs = 600_000;
export const briefMs = 400;

let numbers = 0;

/** Names and ids that no other law has. */
export function unique(prefix: string): string {
  numbers += 1;
  return `${prefix}${numbers.toString(36)}x${Math.floor(Math.random() * 2 ** 32).toString(36)}`;
}

const hostile = [
  'plain',
  'with:colons:and/slashes',
  'glob*[a-z]?',
  'like%_\\',
  '{braces}',
  '}{',
  '__proto__',
  '"quotes\' and `ticks`',
  'ünï-код-漢字-🜁',
  'x'.repeat(500),
];

/** Names that a broker could take for something else, and beside each those that it could be taken for. */
export const confusable: readonly string[] = [
  ...new Set(
    hostile.flatMap((name) => [
      name,
      name.replaceAll(/[^a-z0-9]/gi, 'x'),
      name.toUpperCase(),
      Array.from(name).slice(0, -1).join(''),
    ]),
  ),
];

export const newChannel = (channel = 'main'): string => `${unique('t')}:${channel}`;

export function record(channel: string, body: string, more: Partial<NewRecord> = {}): NewRecord {
  return { channel, id: unique('r'), body, keep: { count: 10_000, forMs: longMs }, wide: false, ...more };
}

export async function pageOf(
  broker: Broker,
  channel: string,
  after?: Position,
  limit = 1_000,
): Promise<StreamPage> {
  const [page] = await broker.streams.read([{ channel, after, limit }]);
  assert(page !== undefined, 'every request must have an answer');
  return page;
}

/** All of the log, page by page. */
export async function bodiesOf(broker: Broker, channel: string): Promise<string[]> {
  const bodies: string[] = [];
  let after: Position | undefined;
  for (;;) {
    const page = await pageOf(broker, channel, after);
    bodies.push(...page.records.map(({ body }) => body));
    const last = page.records.at(-1);
    if (last === undefined || last.offset >= page.top) return bodies;
    after = { epoch: page.epoch, offset: last.offset };
  }
}

export const job = (queue: string, body: string, more: Partial<NewJob> = {}): NewJob => ({
  queue,
  id: unique('j'),
  body,
  delayMs: 0,
  ...more,
});

export async function takeSome(
  broker: Broker,
  queue: string,
  more: Partial<TakeRequest> = {},
): Promise<readonly TakenJob[]> {
  return broker.jobs.take({
    queue,
    limit: 10,
    leaseMs: longMs,
    token: unique('k'),
    maxAttempts: 10,
    ...more,
  });
}

/** Waits for a condition, in the time of the harness. */
export async function until(
  harness: BrokerHarness,
  check: () => boolean | Promise<boolean>,
  what: string,
  limitMs = 10_000,
): Promise<void> {
  for (let waited = 0; !(await check()); waited += 20) {
    if (waited > limitMs) assert.fail(`waited in vain until ${what}`);
    await harness.advance(20);
  }
}

/** What one feed has told. */
export interface Heard {
  readonly feed: BrokerFeed;
  readonly signals: string[];
  readonly work: string[];
  readonly lost: string[];
  /** Bodies pushed, and where `advanced` has said that the log stands. */
  readonly bodies: string[];
  readonly reached: Map<string, Position>;
}

export function listen(broker: Broker): Heard {
  const heard: Omit<Heard, 'feed'> = { signals: [], work: [], lost: [], bodies: [], reached: new Map() };
  const feed = broker.open({
    records: (channel, epoch, records) => {
      heard.bodies.push(...records.map(({ body }) => body));
      const last = records.at(-1);
      if (last !== undefined) heard.reached.set(channel, { epoch, offset: last.offset });
    },
    advanced: (channel, position) => heard.reached.set(channel, position),
    signal: (kind, channel, body) => heard.signals.push(`${kind} ${channel} ${body}`),
    work: (queue) => heard.work.push(queue),
    lost: (kind, names) => heard.lost.push(...names.map((name) => `${kind} ${name}`)),
  });
  return { ...heard, feed };
}

/** Runs with a feed that follows these, and closes it. */
export async function hearing<T>(
  broker: Broker,
  names: Partial<Record<FeedKind, readonly string[]>>,
  run: (heard: Heard) => Promise<T>,
): Promise<T> {
  const heard = listen(broker);
  try {
    for (const kind of ['channel', 'topic', 'queue'] as const) {
      const some = names[kind] ?? [];
      if (some.length > 0) await heard.feed.join(kind, some);
    }
    return await run(heard);
  } finally {
    await heard.feed.close();
  }
}

/** What a log says of itself when it is heard of: where it stands. */
export const reached = ({ reached: positions }: Heard, channel: string): number =>
  positions.get(channel)?.offset ?? 0;
