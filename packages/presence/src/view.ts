/** A place in the log of a channel: behind the diff of this offset; 0 is before the first one. Places of two epochs cannot be compared. */
export interface Position {
  readonly epoch: string;
  readonly offset: number;
}

/** A user in a channel, as the store tells it. */
export interface StoredMember {
  readonly user: string;
  readonly rank: number;
  readonly value: string;
  /** In how many ms the entry that is told ends; undefined: not by time. A later one may have been set since. */
  readonly endsInMs?: number | undefined;
}

/** What became of a user in a channel. Of one that left, rank is 0 and the value is empty. */
export interface Diff extends StoredMember {
  readonly event: 'join' | 'update' | 'leave';
  readonly offset: number;
  /** When, by the store's clock, in milliseconds since 1970. */
  readonly at: number;
}

/** Diffs that a call has put into the log of a channel, without a hole. Whoever made the call tells those who follow the channel. */
export interface Appended {
  readonly channel: string;
  readonly epoch: string;
  readonly diffs: readonly Diff[];
}

/**
 * A channel at one moment. One that was never entered, or that is forgotten, has the empty epoch and the top 0: its first diff has offset 1,
 * in an epoch that is made then. So the position of an empty channel is before the first diff of whatever epoch it gets.
 */
export interface View {
  readonly epoch: string;
  /** The offset of the last diff; 0: none yet. */
  readonly top: number;
  /** When the last diff was appended, by the store's clock, in milliseconds since 1970; 0: never. */
  readonly at: number;
  /** How many users are in it, and by how many entries. */
  readonly users: number;
  readonly entries: number;
  /** What came after the position that was asked for; undefined where that cannot be told from the log, or none was given. */
  readonly diffs?: readonly Diff[] | undefined;
  /** Who is in it, up to the limit; undefined where diffs are given. */
  readonly members?: readonly StoredMember[] | undefined;
}
