import type { ChannelPlan, Outcome } from '../generator/protocol.ts';
import type { HubApi } from '../target/hub-api.ts';
import { readLog } from './read-log.ts';

export interface UnseenOptions {
  readonly api: HubApi;
  readonly channels: readonly ChannelPlan[];
  /** Three in a row: channel, number of the log, message. */
  readonly acked: readonly Int32Array[];
  readonly records: readonly Outcome['records'][];
  readonly marker: string;
}

/**
 * Whoever is told to begin anew reads the channel, as nobody is sent what is before: what was acknowledged and shown to no receiver is looked for
 * in the log itself. By channel, as a receiver would have been shown it; there is nothing where nothing is missing.
 */
export async function readUnseen(options: UnseenOptions): Promise<Outcome['records']> {
  const ranges = unseenRanges(options);
  const found: (Int32Array | undefined)[] = options.channels.map(() => undefined);
  for (const [place, { from, to }] of ranges) found[place] = await readRange(options, place, from, to);
  return found;
}

function unseenRanges({
  acked,
  records,
}: Pick<UnseenOptions, 'acked' | 'records'>): Map<number, { from: number; to: number }> {
  const ranges = new Map<number, { from: number; to: number }>();
  for (const all of acked)
    for (let i = 0; i + 2 < all.length; i += 3) {
      const [place = -1, seq = -1] = [all[i], all[i + 1]];
      if (records.some((of) => (of[place]?.[seq] ?? -1) !== -1)) continue;
      const { from, to } = ranges.get(place) ?? { from: seq, to: seq };
      ranges.set(place, { from: Math.min(from, seq), to: Math.max(to, seq) });
    }
  return ranges;
}

async function readRange(
  { api, channels, marker }: UnseenOptions,
  place: number,
  from: number,
  to: number,
): Promise<Int32Array> {
  const numbers = new Int32Array(to + 1).fill(-1);
  const channelId = channels[place]?.id ?? '';
  for (const { seq, number } of await readLog(api, { channelId, marker, after: from - 1, to }))
    numbers[seq] = number;
  return numbers;
}
