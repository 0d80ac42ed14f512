import type { Outcome } from '../generator/protocol.ts';

export interface Audit {
  /** Acknowledged, and not in the place of the log that was told, for anybody or for somebody. */
  readonly acknowledgedLost: number;
  /** Places of a log that the receivers of one process were shown otherwise than those of another. */
  readonly altered: number;
}

/** Three in a row: channel, number of the log, message. */
type Acked = Int32Array;

/** The last number of each channel that is known from acknowledgements and from what was delivered. */
export function headsOf(channels: number, acked: readonly Acked[]): number[] {
  const heads = Array.from({ length: channels }, () => 0);
  for (const all of acked)
    for (let i = 0; i + 2 < all.length; i += 3) {
      const place = all[i] ?? -1;
      heads[place] = Math.max(heads[place] ?? 0, all[i + 1] ?? 0);
    }
  return heads;
}

/** Compares what senders were told with what receivers were shown, and those of one process with those of the next. */
export function audit(acked: readonly Acked[], records: readonly Outcome['records'][]): Audit {
  let acknowledgedLost = 0;
  for (const all of acked)
    for (let i = 0; i + 2 < all.length; i += 3) {
      const [place = -1, seq = -1, number] = [all[i], all[i + 1], all[i + 2]];
      // A process where nobody listens to the channel knows nothing of it.
      const shown = records.flatMap((of) => of[place]?.[seq] ?? []).filter((one) => one !== -1);
      if (shown.length === 0 || shown.some((one) => one !== number)) acknowledgedLost += 1;
    }
  return { acknowledgedLost, altered: differing(records) };
}

function differing([first = [], ...others]: readonly Outcome['records'][]): number {
  let count = 0;
  for (const [place, numbers] of first.entries())
    for (const other of others) {
      const theirs = other[place];
      const length = Math.min(numbers?.length ?? 0, theirs?.length ?? 0);
      for (let seq = 0; seq < length; seq += 1) {
        const [a = -1, b = -1] = [numbers?.[seq], theirs?.[seq]];
        if (a !== -1 && b !== -1 && a !== b) count += 1;
      }
    }
  return count;
}
