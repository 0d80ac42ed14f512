import { createInstanceId } from '@parley/cache-core/kernel';
import type { Clock } from '@parley/cache-core/kernel';
import type { Appended, NewRecord, ReadRequest, StoredRecord, StreamPage, StreamStore } from './broker.ts';
import type { MemoryFeeds } from './memory-feed.ts';

interface Log {
  readonly epoch: string;
  top: number;
  /** Without holes; the first `trimmed` of them are gone. */
  records: StoredRecord[];
  trimmed: number;
  readonly ids: Map<string, number>;
  readonly once: Map<string, { readonly reply: Appended; readonly until: number }>;
  keptMs: number;
  wide: boolean;
}

export function memoryStreams(clock: Clock, feeds: MemoryFeeds): StreamStore & { readonly size: number } {
  const logs = new Map<string, Log>();

  const logOf = (name: string): Log => {
    let log = logs.get(name);
    if (log === undefined) {
      log = {
        epoch: createInstanceId({ clock }),
        top: 0,
        records: [],
        trimmed: 0,
        ids: new Map(),
        once: new Map(),
        keptMs: Infinity,
        wide: false,
      };
      logs.set(name, log);
    }
    return log;
  };

  const placeOf = (log: Log, offset: number, at: number): Appended => ({
    position: { epoch: log.epoch, offset },
    at,
    repeated: true,
  });

  const earlier = (log: Log, { id, once, sinceMs }: NewRecord): Appended | undefined => {
    if (once !== undefined) {
      const known = log.once.get(once.key);
      if (known !== undefined && known.until > clock.monotonic()) return { ...known.reply, repeated: true };
    }
    const offset = sinceMs === undefined ? undefined : log.ids.get(id);
    return offset === undefined ? undefined : placeOf(log, offset, at(log, offset)?.at ?? clock.now());
  };

  /** @param told gets what is new */
  const append = (record: NewRecord, told: Map<string, StoredRecord[]>): Appended => {
    const { channel, id, body, keep, wide, once } = record;
    const log = logOf(channel);
    const known = earlier(log, record);
    if (known !== undefined) return known;
    log.top += 1;
    const stored: StoredRecord = { offset: log.top, at: clock.now(), id, body };
    log.records.push(stored);
    log.ids.set(id, log.top);
    log.keptMs = keep.forMs;
    log.wide ||= wide;
    trim(log, keep.count, clock);
    const fresh = told.get(channel);
    if (fresh === undefined) told.set(channel, [stored]);
    else fresh.push(stored);
    const reply = { position: { epoch: log.epoch, offset: log.top }, at: stored.at, repeated: false };
    if (once !== undefined) rememberOnce(log, once, reply, clock);
    return reply;
  };

  const page = ({ channel, after, limit }: ReadRequest): StreamPage => {
    const log = logOf(channel);
    trim(log, Infinity, clock);
    const oldest = log.top - (log.records.length - log.trimmed) + 1;
    const known = after === undefined || after.epoch === log.epoch;
    const from = Math.max(after?.offset ?? 0, oldest - 1);
    const first = log.trimmed + from - (oldest - 1);
    const records = known ? log.records.slice(first, first + limit) : [];
    return { epoch: log.epoch, top: log.top, oldest, lineage: [], records };
  };

  return {
    get size() {
      return logs.size;
    },
    async append(records) {
      const told = new Map<string, StoredRecord[]>();
      const replies = records.map((record) => append(record, told));
      for (const [name, fresh] of told) {
        const { epoch, wide } = logOf(name);
        feeds.records(name, epoch, fresh, wide);
      }
      return replies;
    },
    read: async (requests) => requests.map(page),
    channels: async (topic, { after = '', limit }) =>
      [...logs]
        .filter(([name, { wide, top }]) => wide && top > 0 && name.startsWith(`${topic}:`) && name > after)
        .toSorted(([one], [other]) => (one < other ? -1 : 1))
        .slice(0, limit)
        .map(([channel, { epoch, top }]) => ({ channel, position: { epoch, offset: top } })),
    async drop(channels) {
      for (const name of channels) logs.delete(name);
    },
  };
}

function at(log: Log, offset: number): StoredRecord | undefined {
  return log.records[log.records.length - 1 - (log.top - offset)];
}

function trim(log: Log, count: number, clock: Clock): void {
  const { records } = log;
  const expired = clock.now() - log.keptMs;
  const forget = (): void => {
    const record = records[log.trimmed];
    if (record !== undefined) log.ids.delete(record.id);
    log.trimmed += 1;
  };
  while (records.length - log.trimmed > count) forget();
  for (let next = records[log.trimmed]; next !== undefined && next.at < expired; next = records[log.trimmed])
    forget();
  // Moving all of them for every record that goes would cost more than the room.
  if (log.trimmed <= 1_024 || log.trimmed * 2 < records.length) return;
  log.records = records.slice(log.trimmed);
  log.trimmed = 0;
}

function rememberOnce(
  log: Log,
  { key, forMs }: { readonly key: string; readonly forMs: number },
  reply: Appended,
  clock: Clock,
): void {
  const now = clock.monotonic();
  // In the order in which they were made: those in front end first, or nearly so.
  for (const [known, { until }] of log.once) {
    if (until > now) break;
    log.once.delete(known);
  }
  log.once.delete(key);
  log.once.set(key, { reply, until: now + forMs });
}
