import type { ChannelState } from '@parley/hub-client';
import { useEffect, useState } from 'react';
import { useHub } from '../hub/context.ts';
import { placeOf, type LogItem } from './rows.ts';
import { useLooking } from './use-looking.ts';

export interface Missed {
  /** The number behind which the unread began. */
  readonly since: number;
  /** How much it was. */
  readonly count: number;
}

/** Marks as read what is really seen, and answers what was not when one came. It stays while one is in the channel. */
export function useReading(state: ChannelState | undefined, atEnd: boolean): Missed | undefined {
  const hub = useHub();
  const looking = useLooking();
  const [missed, setMissed] = useState<Missed>();
  const seen = atEnd && looking;
  const waits = (state?.reading.unread ?? 0) > 0;
  const [waited, setWaited] = useState(false);
  if (state !== undefined && waits !== waited) {
    setWaited(waits);
    // What comes while somebody reads on is not what they missed.
    if (waits && (missed === undefined || !seen))
      setMissed({ since: state.reading.lastReadSeq, count: state.reading.unread });
  }
  const channelId = state?.channel.id;
  const lastSeq = state?.messages.at(-1)?.seq ?? 0;
  const unread =
    state !== undefined && (waits || state.reading.mentions > 0 || lastSeq > state.reading.lastReadSeq);
  const loaded = lastSeq > 0;
  useEffect(() => {
    if (seen && unread && loaded && channelId !== undefined) hub.markRead(channelId);
  }, [hub, channelId, seen, unread, loaded, lastSeq]);
  return missed;
}

/** Whether the unread began further back than what is here. */
export function beganBefore(rows: readonly LogItem[], since: number | undefined, older: boolean): boolean {
  return since !== undefined && older && placeOf(rows, since + 1) === 0;
}

/** The row before which the line stands: the first that somebody else wrote since. */
export function firstUnread(
  rows: readonly LogItem[],
  since: number | undefined,
  older: boolean,
  me: string | undefined,
): string | undefined {
  if (since === undefined) return undefined;
  if (beganBefore(rows, since, older)) return undefined;
  const start = placeOf(rows, since + 1);
  for (let at = start; at < rows.length; at += 1) {
    const row = rows[at];
    if (row?.kind !== 'message' || row.outgoing !== undefined) continue;
    const { kind, senderId, deletedAt } = row.message;
    if (kind === 'message' && senderId !== me && deletedAt === null) return row.key;
  }
  return undefined;
}
