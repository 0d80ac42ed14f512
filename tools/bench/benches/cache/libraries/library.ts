/** What a scenario wants of a cache library. The library's own options for it are chosen where it is opened. */
export interface Wish {
  /** Stands before every key, and names tables; no two caches of a scenario that are not to meet share one. */
  readonly prefix: string;

  /** A part of the store that can be cleared by itself, where the prefix is not to say it. */
  readonly namespace?: string | undefined;

  /** The store beyond this process; without one it is a cache in memory. */
  readonly redis?: string | undefined;
  readonly cluster?: readonly string[] | undefined;
  readonly postgres?: string | undefined;

  /** Whether values are kept in this process. */
  readonly local: boolean;

  /** Whether other processes fill the same store. */
  readonly shared?: boolean | undefined;

  /** Whether processes tell one another what changed, where the library can. */
  readonly bus?: boolean | undefined;

  /** Where the bus is, if not where the store is. */
  readonly busRedis?: string | undefined;
  readonly tags?: boolean | undefined;

  /** The library's way not to wait for a server that is away, with this limit where it takes one. */
  readonly outageLimitMs?: number | undefined;

  /** The library's limit for a loader, where it has one. */
  readonly loaderLimitMs?: number | undefined;
}

export interface Written {
  readonly tags?: readonly string[] | undefined;

  /** @default an hour */
  readonly ttlMs?: number | undefined;
}

type Load = () => Promise<unknown>;

/** The common denominator; what is missing the library does not offer. */
export interface OpenLibrary {
  get(key: string): Promise<unknown>;
  set(key: string, value: unknown, options?: Written): Promise<unknown>;
  delete(key: string): Promise<unknown>;
  load(key: string, loader: Load, options?: Written): Promise<unknown>;

  /** `load` with its options made ready, as in an application, where they do not change. */
  bindLoad(key: string, loader: Load, options?: Written): () => Promise<unknown>;
  clear(): Promise<unknown>;
  readonly getMany?: (keys: readonly string[]) => Promise<readonly unknown[]>;
  readonly setMany?: (entries: readonly (readonly [key: string, value: unknown])[]) => Promise<unknown>;
  readonly deleteMany?: (keys: readonly string[]) => Promise<unknown>;
  readonly invalidateTag?: (tag: string) => Promise<unknown>;
  close(): Promise<void>;
}

export const hourMs = 3_600_000;

export type LibraryName = 'parley' | 'bentocache' | 'cacheable' | 'cache-manager' | 'keyv';

type Open = (wish: Wish) => Promise<OpenLibrary>;

// Each is imported only when it is wanted, so that no process holds two.
const opening: Readonly<Record<LibraryName, () => Promise<Open>>> = {
  parley: async () => (await import('./parley.ts')).openParley,
  bentocache: async () => (await import('./bentocache.ts')).openBentocache,
  cacheable: async () => (await import('./cacheable.ts')).openCacheable,
  'cache-manager': async () => (await import('./cache-manager.ts')).openCacheManager,
  keyv: async () => (await import('./keyv.ts')).openKeyv,
};

export async function openLibrary(name: LibraryName, wish: Wish): Promise<OpenLibrary> {
  const open = await opening[name]();
  return open(wish);
}

/** A name for a table or a schema: letters, digits and `_`, not longer than Postgres takes. */
export function tableName(prefix: string): string {
  return `b_${prefix.toLowerCase().replaceAll(/\W/g, '_')}`.slice(-60);
}
