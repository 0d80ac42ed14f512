import type { CacheStore } from '@parley/cache-core';

/** A store that breaks one promise, and otherwise keeps them as well as it can. */
export type Saboteur = (good: CacheStore) => CacheStore;

/** For each law, stores that it must catch. */
export type Saboteurs = Readonly<Record<string, readonly Saboteur[]>>;

export const lookalike = (key: string): string =>
  key.replace('__proto__', 'constructor').replace(/[*?%_[\]\\{}]/g, '.');
