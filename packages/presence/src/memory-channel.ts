import { createInstanceId } from '@parley/cache-core/kernel';
import type { Clock } from '@parley/cache-core/kernel';
import type { Diff, Position, StoredMember, View } from './view.ts';

export interface Entry {
  readonly user: string;
  readonly id: string;
  /** Undefined: nobody's. */
  readonly lease: string | undefined;
  readonly rank: number;
  readonly value: string;
  /** Of two entries of one rank, the one with the higher number was set last. */
  readonly set: number;
  /** When it ends (monotonic); `Infinity`: not by time. */
  readonly until: number;
  readonly lingerMs: number | undefined;
}

/** How many diffs a log keeps. */
const kept = 256;

/** Who is in one channel, and what became of them. */
export class MemoryChannel {
  readonly epoch: string;
  readonly #clock: Clock;
  readonly #users = new Map<string, Map<string, Entry>>();
  #log: (Diff & { readonly until: number })[] = [];
  #top = 0;
  #at = 0;
  #sets = 0;
  #entries = 0;
  idleMs = 0;
  /** Since when nobody is in it (monotonic). */
  idleSince: number;

  constructor(clock: Clock) {
    this.#clock = clock;
    this.epoch = createInstanceId({ clock });
    this.idleSince = clock.monotonic();
  }

  get empty(): boolean {
    return this.#users.size === 0;
  }

  entry(user: string, id: string): Entry | undefined {
    return this.#users.get(user)?.get(id);
  }

  /** Puts the entry there, or takes it away. Tells what that makes of its user. */
  put(user: string, id: string, entry: Omit<Entry, 'set'> | undefined): Diff | undefined {
    const entries = this.#users.get(user) ?? new Map<string, Entry>();
    const before = toldOf(entries);
    const old = entries.get(id);
    if (entry === undefined) entries.delete(id);
    else {
      const same = old?.rank === entry.rank && old.value === entry.value;
      entries.set(id, { ...entry, set: same ? old.set : (this.#sets += 1) });
    }
    this.#entries += (entry === undefined ? 0 : 1) - (old === undefined ? 0 : 1);
    if (entries.size > 0) this.#users.set(user, entries);
    else this.#users.delete(user);
    if (this.empty) this.idleSince = this.#clock.monotonic();
    return this.#append(user, before, toldOf(entries));
  }

  view(after: Position | undefined, limit: number): View {
    const about = {
      epoch: this.epoch,
      top: this.#top,
      at: this.#at,
      users: this.#users.size,
      entries: this.#entries,
    };
    const isOurs = after?.epoch === this.epoch || (after?.epoch === '' && after.offset === 0);
    const known = isOurs && after.offset <= this.#top && this.#top - after.offset;
    if (known !== false && known <= this.#log.length) {
      const diffs = this.#log.slice(this.#log.length - known);
      return { ...about, diffs: diffs.map(({ until, ...diff }) => ({ ...diff, ...this.#ending(until) })) };
    }
    const members: StoredMember[] = [];
    for (const [user, entries] of this.#users) {
      if (members.length >= limit) break;
      const told = toldOf(entries);
      if (told !== undefined) members.push(this.#member(user, told));
    }
    return { ...about, members };
  }

  #append(user: string, before: Entry | undefined, now: Entry | undefined): Diff | undefined {
    if (before?.rank === now?.rank && before?.value === now?.value) return undefined;
    this.#top += 1;
    this.#at = this.#clock.now();
    const event = before === undefined ? 'join' : now === undefined ? 'leave' : 'update';
    const member = now === undefined ? { user, rank: 0, value: '' } : this.#member(user, now);
    const diff: Diff = { ...member, event, offset: this.#top, at: this.#at };
    this.#log.push({ ...diff, until: now?.until ?? Infinity });
    if (this.#log.length > kept * 2) this.#log = this.#log.slice(-kept);
    return diff;
  }

  #member(user: string, { rank, value, until }: Entry): StoredMember {
    return { user, rank, value, ...this.#ending(until) };
  }

  #ending(until: number): { readonly endsInMs?: number } {
    return until === Infinity ? {} : { endsInMs: Math.max(0, until - this.#clock.monotonic()) };
  }
}

/** Which of the entries of a user is told. */
function toldOf(entries: ReadonlyMap<string, Entry>): Entry | undefined {
  let told: Entry | undefined;
  for (const entry of entries.values()) {
    if (told === undefined || entry.rank > told.rank || (entry.rank === told.rank && entry.set > told.set))
      told = entry;
  }
  return told;
}
