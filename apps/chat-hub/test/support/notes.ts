import type { LedgerPlace } from '@parley/services';

/** What a receiver notes of one channel. */
export interface Notes {
  readonly event: (id: string, place: LedgerPlace) => void;
  /** It was told to begin anew behind another place. */
  readonly turn: (to: LedgerPlace) => void;
}

export interface Noted {
  readonly receiver: string;
  readonly channel: string;
  readonly id: string;
  /** By `performance.now()`. */
  readonly at: number;
}

interface Told {
  readonly type: string;
  readonly message?: { readonly id: string };
}

/** Messages are known by their id, so that one that comes as two events is found; everything else by its number. */
export function idOf({ type, message }: Told, seq: number): string {
  const isNew = type === 'channel.message' || type === 'thread.message';
  return isNew && message !== undefined ? message.id : `${type} ${seq}`;
}
