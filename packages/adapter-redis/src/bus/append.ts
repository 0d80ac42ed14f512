import type { Appended, NewRecord } from '@parley/bus';
import type { ScriptCall, Word } from '../lane.ts';
import { topicOf, type BusKeys } from './keys.ts';
import { joinRecord } from './words.ts';

/** How much text goes into one call of the script, as the server does nothing else meanwhile. One channel is never divided. */
const callLength = 1024 * 1024;

/** The records of one channel, and where they stood in the call. */
export interface ChannelBatch {
  readonly channel: string;
  readonly places: number[];
  readonly records: NewRecord[];
  wide: boolean;
  /** As many records, and for as long, as the one that asks for most. */
  count: number;
  forMs: number;
  length: number;
}

export interface AppendCall extends ScriptCall {
  readonly batches: readonly ChannelBatch[];
}

export interface AppendOptions {
  readonly keys: BusKeys;
  readonly clustered: boolean;
  /** Of this process alone. */
  readonly nonce: string;
}

/** The calls of the script that append these: one for each slot, or more where there is much. */
export function appendCalls(records: readonly NewRecord[], options: AppendOptions): AppendCall[] {
  const { keys, clustered, nonce } = options;
  const open = new Map<string, { batches: ChannelBatch[]; keys: string[]; words: Word[]; length: number }>();
  const calls: AppendCall[] = [];
  for (const batch of byChannel(records)) {
    const tag = keys.tagOf(batch.channel);
    let call = open.get(tag);
    if (call === undefined || call.length + batch.length > callLength) {
      call = { batches: [], keys: [], words: [publishing(clustered), nonce], length: 0 };
      open.set(tag, call);
      calls.push(call);
    }
    call.length += batch.length;
    call.batches.push(batch);
    describe(batch, tag, keys, call);
  }
  return calls;
}

export const publishing = (clustered: boolean): string => (clustered ? 'SPUBLISH' : 'PUBLISH');

function byChannel(records: readonly NewRecord[]): Iterable<ChannelBatch> {
  const batches = new Map<string, ChannelBatch>();
  let place = 0;
  for (const record of records) {
    const { channel, wide, keep, body } = record;
    let batch = batches.get(channel);
    if (batch === undefined) {
      batch = { channel, places: [], records: [], wide: false, count: 0, forMs: 0, length: 0 };
      batches.set(channel, batch);
    }
    batch.places.push(place);
    batch.records.push(record);
    batch.wide ||= wide;
    batch.count = Math.max(batch.count, keep.count);
    batch.forMs = Math.max(batch.forMs, Math.ceil(keep.forMs));
    batch.length += body.length;
    place += 1;
  }
  return batches.values();
}

/** As `lua/bus/append.lua` reads it. */
function describe(
  { channel, records, wide, count, forMs }: ChannelBatch,
  tag: string,
  keys: BusKeys,
  into: { readonly keys: string[]; readonly words: Word[] },
): void {
  const topic = wide ? topicOf(channel) : undefined;
  into.keys.push(keys.head(tag, channel), keys.log(tag, channel));
  if (topic !== undefined) into.keys.push(keys.topic(tag, topic));
  into.words.push(
    channel,
    keys.toChannel(tag, channel),
    topic === undefined ? '' : keys.toTopic(tag, topic),
    count,
    forMs,
    records.length,
  );
  for (const record of records) {
    const { once, sinceMs } = record;
    if (once !== undefined || sinceMs !== undefined) {
      const onceMs = once && Math.max(1, Math.ceil(once.forMs));
      into.words.push(` ${sinceMs === undefined ? '' : Math.ceil(sinceMs)} ${onceMs ?? ''}`);
    }
    into.words.push(joinRecord(record));
    if (once !== undefined) into.keys.push(keys.once(tag, channel, once.key));
  }
}

/** Puts what the script answered to where the records stood. */
export function readAppended({ batches }: AppendCall, reply: unknown, appended: Appended[]): void {
  const lines = String(reply).split('\n');
  for (let i = 0; i < batches.length; i++) {
    const { places = [] } = batches[i] ?? {};
    const [epoch = '', at, top, ...known] = (lines[i] ?? '').split(' ');
    let offset = Number(top) - places.length + known.length / 3;
    let next = 0;
    for (let j = 0; j < places.length; j++) {
      const repeated = next < known.length && Number(known[next]) === j;
      if (!repeated) offset += 1;
      appended[places[j] ?? 0] = {
        position: { epoch, offset: repeated ? Number(known[next + 1]) : offset },
        at: Number(repeated ? known[next + 2] : at),
        repeated,
      };
      if (repeated) next += 3;
    }
  }
}
