import type { Diff, Position, StoredMember, View } from './view.ts';

/** A user as a replica has them. */
export interface Held extends Omit<StoredMember, 'endsInMs'> {
  /** When what is told of them ends (monotonic); `Infinity`: not by time. */
  readonly endsAt: number;
}

export interface ReplicaChange {
  readonly event: Diff['event'];
  readonly user: string;
  /** Undefined of one that left. */
  readonly held: Held | undefined;
  /** By the store's clock, in milliseconds since 1970. */
  readonly at: number;
}

/** What this process knows of one channel: the members as of a position, moved on by diffs, or set right by a view. */
export class Replica {
  readonly members = new Map<string, Held>();
  /** Were there before the store lost its data, and may be registered again any moment. */
  readonly unconfirmed = new Set<string>();
  position: Position | undefined;
  /** When the last diff was appended, by the store's clock; 0: never. */
  at = 0;
  entries = 0;
  users = 0;
  readonly #tell: (change: ReplicaChange) => void;

  constructor(tell: (change: ReplicaChange) => void) {
    this.#tell = tell;
  }

  /** Applies those that follow on what is known; false when some are missing before them. */
  take(epoch: string, diffs: readonly Diff[], now: number): boolean {
    for (const diff of diffs) {
      const { position } = this;
      if (position === undefined) return false;
      const isFirst = position.epoch === '' && diff.offset === 1;
      if (position.epoch !== epoch && !isFirst) return false;
      if (!isFirst && diff.offset <= position.offset) continue;
      if (diff.offset !== position.offset + 1) return false;
      this.position = { epoch, offset: diff.offset };
      this.at = diff.at;
      this.#apply(diff, now);
    }
    this.users = this.members.size;
    return true;
  }

  /** Makes it what the view says. Users who are missing are kept as unconfirmed where the view is of another epoch. */
  reset({ epoch, top, at, users, entries, members = [] }: View, now: number): void {
    const isOther = this.position !== undefined && this.position.epoch !== epoch;
    this.position = { epoch, offset: top };
    this.at = top === 0 ? this.at : at;
    this.entries = entries;
    this.users = users;
    const there = new Set<string>();
    for (const member of members) {
      there.add(member.user);
      this.#put(member, at, now);
    }
    const missing = [...this.members.keys()].filter((user) => !there.has(user));
    for (const user of missing) {
      if (isOther || this.unconfirmed.has(user)) this.unconfirmed.add(user);
      else this.drop(user, at);
    }
  }

  /** Takes some of the view in place of what is known, and tells nothing: who comes and goes cannot be known from a sample. */
  sample({ epoch, top, at, users, entries, members = [] }: View, limit: number, now: number): void {
    this.members.clear();
    this.unconfirmed.clear();
    for (const member of members.slice(0, limit)) this.members.set(member.user, heldOf(member, now));
    this.position = { epoch, offset: top };
    this.at = at;
    this.users = users;
    this.entries = entries;
  }

  missing(): Held[] {
    return [...this.unconfirmed].flatMap((user) => this.members.get(user) ?? []);
  }

  /** They were not registered again. */
  dropUnconfirmed(): void {
    for (const user of this.unconfirmed) this.drop(user, this.at);
  }

  drop(user: string, at: number): void {
    this.unconfirmed.delete(user);
    if (!this.members.delete(user)) return;
    this.users = this.members.size;
    this.#tell({ event: 'leave', user, held: undefined, at });
  }

  /** When the first of what is told ends (monotonic). */
  nextEnd(): number {
    let next = Infinity;
    for (const { endsAt } of this.members.values()) next = Math.min(next, endsAt);
    return next;
  }

  #apply({ event, at, ...member }: Diff, now: number): void {
    if (event === 'leave') this.drop(member.user, at);
    else this.#put(member, at, now);
  }

  #put(member: StoredMember, at: number, now: number): void {
    const { user, rank, value } = member;
    const old = this.members.get(user);
    const held = heldOf(member, now);
    this.members.set(user, held);
    this.unconfirmed.delete(user);
    if (old === undefined) this.#tell({ event: 'join', user, held, at });
    else if (old.rank !== rank || old.value !== value) this.#tell({ event: 'update', user, held, at });
  }
}

const heldOf = ({ user, rank, value, endsInMs }: StoredMember, now: number): Held => ({
  user,
  rank,
  value,
  endsAt: endsInMs === undefined ? Infinity : now + endsInMs,
});
