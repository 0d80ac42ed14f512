import type { Position, StoredRecord } from '@parley/bus';

/** What somebody should hear of: that a log has come further, perhaps with the records themselves. */
export interface News {
  readonly channel: string;
  /** Whether those hear of it who follow the whole topic. */
  readonly wide: boolean;
  readonly position: Position;
  /** Up to the position; empty where they are to be read. */
  readonly records: readonly StoredRecord[];
}

export const topicOf = (channel: string): string => channel.slice(0, channel.indexOf(':'));
