import type { Appended } from './view.ts';

/** Changes that one process asks for, in the name of its lease. */
export interface ChangeBatch {
  readonly lease: string;
  /**
   * Higher than that of any batch of this lease before it. What is to be changed in a channel by a batch that comes after a later one for
   * that channel is not changed: the batch was given up by who sent it, and must not undo what came since.
   */
  readonly turn: number;
  /** An earlier lease of the same process that this one replaces: its entries are taken over by being set again, and may be removed. */
  readonly former?: string | undefined;
  readonly changes: readonly Change[];
}

export type Change = SetEntry | RemoveEntry;

interface EntryName {
  readonly channel: string;
  readonly user: string;
  readonly id: string;
}

/** Puts an entry there, or changes the one that is there. An entry that is set as it was keeps its place among those of its rank. */
export interface SetEntry extends EntryName {
  readonly kind: 'set';
  /** From 0 to 9: of several entries of a user the one with the highest is told. */
  readonly rank: number;
  readonly value: string;
  /**
   * Whether the entry is taken over too where it is under the lease of another process that still holds it. Otherwise that one stays as it
   * is. An entry under this lease, the former one, one that has ended, or nobody's, is changed in any case.
   */
  readonly take: boolean;
  /** Whether `displaced` is asked for where it is taken over. @default false */
  readonly tells?: boolean | undefined;
  /** Whether it goes with the lease. An entry that does not is nobody's, and has a `forMs`. */
  readonly owned: boolean;
  /** It ends by itself after this time; setting it again begins the time anew. */
  readonly forMs?: number | undefined;
  /**
   * When its lease has ended it is not removed yet: it becomes nobody's, with rank 0, and goes after this time. By being removed or by
   * its own time it goes at once.
   */
  readonly lingerMs?: number | undefined;
  /** For how long the channel is remembered when nobody is in it any more: its epoch, its log, and when that was. The longest one counts. */
  readonly idleMs: number;
}

/** Takes an entry away that is under this lease, under the former one, or nobody's. */
export interface RemoveEntry extends EntryName {
  readonly kind: 'remove';
}

export interface Changed {
  /**
   * `done`: the changes were carried out, as their outcomes say. `lapsed`: the lease is not held, at least in one of the parts that the
   * store is divided into; there nothing was changed. `late`: a later batch was there before, in one of these parts.
   */
  readonly verdict: 'done' | 'lapsed' | 'late';
  /** For each change. `same`: nothing had to be changed. `taken`: it is under the lease of another process. */
  readonly outcomes: readonly Outcome[];
  readonly appended: readonly Appended[];
  /**
   * For each change that asks for it: the lease of another process that the entry was taken from. That process is told, and asks for itself; so
   * one too many does no harm. @default none, as far as the store can tell
   */
  readonly displaced?: readonly (string | undefined)[] | undefined;
}

export type Outcome = 'done' | 'same' | 'taken';
