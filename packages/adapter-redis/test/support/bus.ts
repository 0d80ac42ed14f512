import type {
  Broker,
  BrokerFeed,
  FeedKind,
  NewRecord,
  Position,
  StoredRecord,
  StreamPage,
} from '@parley/bus';
import { until } from '@parley/services';
import { afterEach } from 'vitest';

export const longMs = 600_000;

let numbers = 0;

export function record(channel: string, body: string, more: Partial<NewRecord> = {}): NewRecord {
  numbers += 1;
  return { channel, id: `r${numbers}`, body, keep: { count: 10_000, forMs: longMs }, wide: false, ...more };
}

export async function appendOne(broker: Broker, one: NewRecord) {
  const [appended] = await broker.streams.append([one]);
  if (appended === undefined) throw new Error('nothing was answered');
  return appended;
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

export const bodiesOf = async (broker: Broker, channel: string): Promise<string[]> =>
  (await pageOf(broker, channel)).records.map(({ body }) => body);

let hearers: Hearer[] = [];

afterEach(async () => {
  await Promise.all(hearers.map(({ feed }) => feed.close()));
  hearers = [];
});

/** Remembers what a feed tells; closed when the test is over. */
export class Hearer {
  readonly feed: BrokerFeed;
  readonly records: (StoredRecord & { readonly channel: string; readonly epoch: string })[] = [];
  readonly advances: (Position & { readonly channel: string })[] = [];
  readonly signals: string[] = [];
  readonly work: string[] = [];
  readonly lost: { readonly kind: FeedKind; readonly names: readonly string[]; readonly reason: string }[] =
    [];

  constructor(broker: Broker) {
    this.feed = broker.open({
      records: (channel, epoch, records) =>
        this.records.push(...records.map((one) => ({ ...one, channel, epoch }))),
      advanced: (channel, position) => this.advances.push({ ...position, channel }),
      signal: (_kind, _channel, body) => this.signals.push(body),
      work: (queue) => this.work.push(queue),
      lost: (kind, names, reason) => this.lost.push({ kind, names, reason }),
    });
    hearers.push(this);
  }

  get lostNames(): string[] {
    return this.lost.flatMap(({ names }) => names);
  }

  /** As whoever holds a feed does: again, until it succeeds. */
  joinAgain(kind: FeedKind, names: readonly string[]): Promise<boolean> {
    return until(() => this.feed.join(kind, names).then(() => true), { what: `${names.join()} joined` });
  }

  /** What is said while a channel is joined arrives; as somebody else may just be failing, it is said until it does. */
  hears(broker: Broker, channel: string): Promise<boolean> {
    numbers += 1;
    const body = `heard ${numbers}`;
    return until(
      async () => {
        await broker.send([{ channel, body, wide: false }]);
        await until(() => this.signals.includes(body), { what: body, deadline: 500 });
        return true;
      },
      { what: `${channel} is heard` },
    );
  }
}
