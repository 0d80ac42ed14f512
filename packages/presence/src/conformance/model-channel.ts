import type { Outcome, SetEntry } from '../change.ts';

export interface ModelEntry {
  readonly lease: string | undefined;
  readonly rank: number;
  readonly value: string;
  readonly set: number;
  /** It ends as soon as any time has passed. */
  readonly brief: boolean;
  readonly lingers: boolean;
}

/** How a channel should be, told as plainly as can be. */
export class ModelChannel {
  readonly users = new Map<string, Map<string, ModelEntry>>();
  #sets = 0;

  get entries(): number {
    let count = 0;
    for (const entries of this.users.values()) count += entries.size;
    return count;
  }

  /** As `user rank value`, in order of names. */
  get members(): string[] {
    return [...this.users.keys()].map((user) => `${user} ${this.told(user)}`).toSorted();
  }

  told(user: string): string | undefined {
    const [best] = [...(this.users.get(user)?.values() ?? [])].toSorted(
      (one, other) => other.rank - one.rank || other.set - one.set,
    );
    return best && `${best.rank} ${best.value}`.trimEnd();
  }

  entry(user: string, id: string): ModelEntry | undefined {
    return this.users.get(user)?.get(id);
  }

  /** What the log says of it; undefined: nothing. */
  put(user: string, id: string, entry: Omit<ModelEntry, 'set'> | undefined): string | undefined {
    const before = this.told(user);
    const entries = this.users.get(user) ?? new Map<string, ModelEntry>();
    const old = entries.get(id);
    if (entry === undefined) entries.delete(id);
    else {
      const isSame = old?.rank === entry.rank && old.value === entry.value;
      entries.set(id, { ...entry, set: isSame ? old.set : (this.#sets += 1) });
    }
    if (entries.size === 0) this.users.delete(user);
    else this.users.set(user, entries);
    const after = this.told(user);
    if (before === after) return undefined;
    if (after === undefined) return `leave ${user}`;
    return `${before === undefined ? 'join' : 'update'} ${user} ${after}`;
  }
}

export interface ModelBatch {
  readonly lease: string;
  readonly former: string | undefined;
  readonly isHeld: (lease: string) => boolean;
}

/** What becomes of an entry that is set, and what the log says of it. */
export function setInModel(
  channel: ModelChannel,
  change: SetEntry,
  { lease, former, isHeld }: ModelBatch,
): { readonly outcome: Outcome; readonly told?: string | undefined } {
  const { user, id, rank, value, owned, forMs, lingerMs, take } = change;
  const old = channel.entry(user, id);
  const isFree = old?.lease === undefined || old.lease === lease || old.lease === former;
  if (!isFree && !take && isHeld(old.lease)) return { outcome: 'taken' };
  const owner = owned ? lease : undefined;
  const isSame = old?.rank === rank && old.value === value && old.lease === owner;
  const brief = forMs !== undefined && forMs < 100;
  const told = channel.put(user, id, { lease: owner, rank, value, brief, lingers: lingerMs !== undefined });
  return { outcome: isSame ? 'same' : 'done', told };
}

export function removeInModel(
  channel: ModelChannel,
  { user, id }: { readonly user: string; readonly id: string },
  { lease, former }: ModelBatch,
): { readonly outcome: Outcome; readonly told?: string | undefined } {
  const old = channel.entry(user, id);
  if (old === undefined) return { outcome: 'same' };
  if (old.lease !== undefined && old.lease !== lease && old.lease !== former) return { outcome: 'taken' };
  return { outcome: 'done', told: channel.put(user, id, undefined) };
}

/** Everything that has ended goes. */
export function reapInModel(channel: ModelChannel, isHeld: (lease: string) => boolean): void {
  for (const [user, entries] of channel.users) {
    for (const [id, entry] of entries) {
      const isOver = entry.lease !== undefined && !isHeld(entry.lease);
      if (isOver && entry.lingers && !entry.brief)
        channel.put(user, id, { ...entry, lease: undefined, rank: 0, lingers: false });
      else if (isOver || entry.brief) channel.put(user, id, undefined);
    }
  }
}
