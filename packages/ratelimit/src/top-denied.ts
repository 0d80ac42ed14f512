import { createLru } from '@parley/cache-core/kernel';
import type { Lru } from '@parley/cache-core/kernel';

export interface DeniedIdentity<Name extends string = string> {
  readonly rule: Name;
  readonly identity: string;
  /** Denials by this process since it was first heard of, or heard of again after a time in which many others were denied. */
  readonly denied: number;
}

/** Whom this process denied most, in bounded memory: those who come often stay, those who came long ago make room. */
export class TopDenied<Name extends string> {
  readonly #maxEntries: number;
  readonly #rules = new Map<Name, Lru<string, { count: number }>>();

  constructor(maxEntries: number) {
    this.#maxEntries = maxEntries;
  }

  add(rule: Name, identity: string): void {
    let counts = this.#rules.get(rule);
    if (counts === undefined) {
      counts = createLru({ maxEntries: this.#maxEntries });
      this.#rules.set(rule, counts);
    }
    const known = counts.get(identity);
    if (known === undefined) counts.set(identity, { count: 1 });
    else known.count += 1;
  }

  list(count: number): DeniedIdentity<Name>[] {
    const all = [...this.#rules].flatMap(([rule, counts]) =>
      [...counts.entries()].map(([identity, { count: denied }]) => ({ rule, identity, denied })),
    );
    return all.toSorted((a, b) => b.denied - a.denied).slice(0, count);
  }
}
