import assert from 'node:assert/strict';
import type { Change, ChangeBatch, Changed, RemoveEntry, SetEntry } from '../change.ts';
import type { PresenceStore } from '../store.ts';
import type { Appended, Diff, Position, StoredMember, View } from '../view.ts';

/** What a store's author provides; every law gets a new one. */
export interface PresenceHarness {
  /** A store over empty data. */
  readonly store: PresenceStore;
  /** A second one over the same data, as another process has it; the same object where that cannot be. */
  readonly other: PresenceStore;
  /** Lets time pass for the store: really, or by moving its clock. */
  readonly advance: (ms: number) => Promise<void>;
  /** How much too late the store may notice that time has passed. */
  readonly toleranceMs: number;
  /** Makes the store lose everything, as a server does that starts anew; undefined where that cannot be. */
  readonly lose?: (() => Promise<void>) | undefined;
  /**
   * From now on the store may lose what it answers for, and has lost it when the answered function was called: as when a server takes over
   * that was behind, or one starts with what it had kept.
   */
  readonly fallBehind?: (() => Promise<() => Promise<void>>) | undefined;
  /** Makes the store unreachable, until the answered function was called. */
  readonly cut?: (() => Promise<() => Promise<void>>) | undefined;
  /** How many things the store keeps (keys, rows) of what it was told. */
  readonly kept?: (() => Promise<number>) | undefined;
}

export const longMs = 600_000;
export const briefMs = 300;

let numbers = 0;

/** Names that no other law has. */
export function unique(prefix: string): string {
  numbers += 1;
  return `${prefix}${numbers.toString(36)}x${Math.floor(Math.random() * 2 ** 32).toString(36)}`;
}

/** The changes of one process, under its lease. */
export class Party {
  readonly store: PresenceStore;
  lease: string;
  former: string | undefined;
  #turn = 0;

  constructor(store: PresenceStore) {
    this.store = store;
    this.lease = unique('lease');
  }

  static async open(store: PresenceStore, leaseMs = longMs): Promise<Party> {
    const party = new Party(store);
    await store.open(party.lease, leaseMs);
    return party;
  }

  /** Another lease in place of the one it has. */
  async renew(): Promise<void> {
    this.former = this.lease;
    this.lease = unique('lease');
    await this.store.open(this.lease, longMs);
  }

  async try(changes: readonly Change[], more: Partial<ChangeBatch> = {}): Promise<Changed> {
    this.#turn += 1;
    const { lease, former } = this;
    const changed = await this.store.change({ lease, turn: this.#turn, former, changes, ...more });
    assert.equal(changed.outcomes.length, changes.length, 'every change must have an outcome');
    return changed;
  }

  async change(...changes: readonly Change[]): Promise<Changed> {
    const changed = await this.try(changes);
    assert.equal(changed.verdict, 'done');
    return changed;
  }
}

export const set = (
  channel: string,
  user: string,
  id: string,
  more: Partial<Omit<SetEntry, 'kind'>> = {},
): SetEntry => ({
  kind: 'set',
  channel,
  user,
  id,
  rank: 1,
  value: '',
  take: false,
  owned: true,
  idleMs: longMs,
  ...more,
});

export const remove = (channel: string, user: string, id: string): RemoveEntry => ({
  kind: 'remove',
  channel,
  user,
  id,
});

export async function viewOf(
  store: PresenceStore,
  channel: string,
  after?: Position,
  limit = 10_000,
): Promise<View> {
  const [view] = await store.read([{ channel, after, limit }]);
  assert(view !== undefined, 'every request must have an answer');
  return view;
}

/** Who is there, as `user rank value`, in order of names. */
export async function membersOf(store: PresenceStore, channel: string): Promise<string[]> {
  const { members } = await viewOf(store, channel);
  assert(members !== undefined, 'without a position the members are answered');
  return members.map(inWords).toSorted();
}

const inWords = ({ user, rank, value }: StoredMember): string => `${user} ${rank} ${value}`.trimEnd();

export const told = ({ event, user, rank, value }: Diff): string =>
  event === 'leave' ? `leave ${user}` : `${event} ${inWords({ user, rank, value })}`;

/** What was put into the log of a channel, in words. */
export const toldOf = ({ appended }: { readonly appended: readonly Appended[] }, channel: string): string[] =>
  appended.filter((one) => one.channel === channel).flatMap(({ diffs }) => diffs.map(told));

export interface ReapedAll {
  readonly appended: readonly Appended[];
}

/** Takes out whatever has ended. */
export async function reapAll(store: PresenceStore): Promise<ReapedAll> {
  const appended: Appended[] = [];
  for (let more = true; more;) {
    const reaped = await store.reap(1_000);
    appended.push(...reaped.appended);
    more = reaped.more;
  }
  return { appended };
}

/** Lets so much time pass that what lasted so long has ended, and takes it out. */
export async function reapAfter(harness: PresenceHarness, ms: number): Promise<ReapedAll> {
  await harness.advance(ms + harness.toleranceMs + 1);
  return reapAll(harness.store);
}
