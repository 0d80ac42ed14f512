import type { EntryName, WantedEntry } from './wanted.ts';

type Common = Omit<WantedEntry, 'channel'>;

/** An entry that is wanted. There may be millions: what it shares with others is kept once. */
export interface Wanted {
  readonly channel: string;
  common: Common;
  /** Until it was once there it is taken from whoever has it; afterwards it is given up to whoever takes it. */
  claimed: boolean;
  /** The client may be connected to another process. */
  conceded: boolean;
}

interface Owner {
  /** Of the entry that was put last: mostly that of all others. */
  common: Common;
  readonly entries: Map<string, Wanted>;
}

interface Interned {
  readonly name: string;
  count: number;
}

/** What a process wants the store to hold, by whose it is and where. */
export class WantedEntries {
  readonly #owners = new Map<string, Owner>();
  /** Each name once, however many are there. */
  readonly #channels = new Map<string, Interned>();
  #size = 0;

  get size(): number {
    return this.#size;
  }

  get({ channel, user, id }: EntryName): Wanted | undefined {
    return this.#owners.get(ownerOf(user, id))?.entries.get(channel);
  }

  /** In the place of what was wanted before. */
  put(entry: WantedEntry, claimed: boolean): void {
    const { channel, ...common } = entry;
    const key = ownerOf(entry.user, entry.id);
    const owner = this.#owners.get(key) ?? { common, entries: new Map<string, Wanted>() };
    this.#owners.set(key, owner);
    if (!isSame(owner.common, common)) owner.common = common;
    const known = owner.entries.get(channel);
    if (known !== undefined) Object.assign(known, { common: owner.common, claimed, conceded: false });
    else {
      const name = this.#intern(channel);
      owner.entries.set(name, { channel: name, common: owner.common, claimed, conceded: false });
      this.#size += 1;
    }
  }

  delete({ channel, user, id }: EntryName): void {
    const key = ownerOf(user, id);
    const owner = this.#owners.get(key);
    if (owner?.entries.delete(channel) !== true) return;
    if (owner.entries.size === 0) this.#owners.delete(key);
    this.#forget(channel);
    this.#size -= 1;
  }

  *all(): Generator<Wanted> {
    for (const { entries } of this.#owners.values()) yield* entries.values();
  }

  clear(): void {
    this.#owners.clear();
    this.#channels.clear();
    this.#size = 0;
  }

  #intern(channel: string): string {
    const known = this.#channels.get(channel) ?? { name: channel, count: 0 };
    known.count += 1;
    this.#channels.set(known.name, known);
    return known.name;
  }

  #forget(channel: string): void {
    const known = this.#channels.get(channel);
    if (known === undefined) return;
    known.count -= 1;
    if (known.count === 0) this.#channels.delete(channel);
  }
}

export const entryOf = ({ channel, common }: Wanted): WantedEntry => ({ ...common, channel });

const ownerOf = (user: string, id: string): string => `${user}\n${id}`;

function isSame(one: Common, other: Common): boolean {
  return (
    one.value === other.value &&
    one.rank === other.rank &&
    one.owned === other.owned &&
    one.tells === other.tells &&
    one.forMs === other.forMs &&
    one.lingerMs === other.lingerMs &&
    one.idleMs === other.idleMs
  );
}
