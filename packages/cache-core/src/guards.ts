import { createLru, type Lru } from './kernel/lru.ts';

/**
 * Guards: what an entry depends on besides its own key. Each namespace from the outermost down to the entry's own is one, so that clearing a
 * namespace is one bump however many entries it has; each tag is one, and so is every tag above it (`users` above `users:123`).
 */
export const scopeGuard = (namespace: string): string => `n:${namespace}`;

export const tagGuard = (tag: string): string => `t:${tag}`;

/** The tags with all those above them, each once. */
export function withParents(tags: readonly string[]): readonly string[] {
  if (tags.length === 0) return tags;
  const all = new Set<string>();
  for (const tag of tags) {
    for (let end = tag.indexOf(':', 1); end !== -1; end = tag.indexOf(':', end + 1))
      all.add(tag.slice(0, end));
    all.add(tag);
  }
  return [...all];
}

interface Known {
  readonly epoch: number;
  /** When this process last had reason to believe it: the start of the read that brought it. */
  readonly since: number;
  /** How long the store keeps it at least, as far as this process knows. */
  readonly keptUntil: number;
}

/** The epochs that this process knows. What it may believe of them at a moment is for `Coherence` to say, as a horizon. */
export class GuardTable {
  readonly #known: Lru<string, Known>;

  /** Changes with every change of an epoch, so that an entry found right once needs no second look until then. */
  revision = 0;

  constructor(maxEntries = 100_000) {
    this.#known = createLru({ maxEntries });
  }

  /** @param neededUntil for whoever wants to make an entry that lives that long: a guard that is gone before its entry ends it early */
  epoch(guard: string, horizon: number, neededUntil = -Infinity): number | undefined {
    const known = this.#known.get(guard);
    return known !== undefined && known.since >= horizon && known.keptUntil >= neededUntil
      ? known.epoch
      : undefined;
  }

  /** Epochs only rise, so what comes late changes nothing. */
  learn(guard: string, epoch: number, since: number, keptUntil = -Infinity): void {
    const known = this.#known.get(guard);
    if (known !== undefined && known.epoch > epoch) return;
    const same = known?.epoch === epoch;
    if (!same) this.revision += 1;
    this.#known.set(guard, {
      epoch,
      since: same ? Math.max(known.since, since) : since,
      keptUntil: Math.max(known?.keptUntil ?? -Infinity, keptUntil),
    });
  }

  forget(guards?: readonly string[]): void {
    this.revision += 1;
    if (guards === undefined) this.#known.clear();
    else for (const guard of guards) this.#known.delete(guard);
  }
}
