import type { LoadMany } from './bulk.ts';
import type { Cache } from './cache.ts';
import type { CallOptions } from './call-options.ts';
import type { Abortable } from './kernel/abort.ts';
import { InvalidArgument } from './kernel/errors.ts';
import { joinKey } from './kernel/key.ts';
import type { LoadContext } from './load.ts';
import type { EntryOptions, Ttl } from './options.ts';
import type { Schema } from './kernel/schema.ts';
import type { PrefetchOptions } from './prefetch.ts';
import type { LocalBounds } from './space.ts';
import { warmUp, type WarmOptions, type WarmPlan, type WarmProgress } from './warm.ts';

type KeyPart = string | number | bigint;

/** One id, or the parts of a compound one. */
export type RegionKey = KeyPart | readonly [KeyPart, ...KeyPart[]];

export interface KeyDefinition<Id extends RegionKey, Value> {
  readonly name: string;
  readonly schema: Schema<Value>;
  readonly options: RegionOptions<Id, Value>;
}

export interface RegionOptions<Id extends RegionKey, Value> extends Omit<EntryOptions<Value>, 'tags'> {
  /** From the id and the value. @default none */
  readonly tags?: ((value: Value, id: Id) => readonly string[]) | undefined;
  /** Its own bounds in this process's memory; false keeps nothing there. @default those of the cache */
  readonly local?: Partial<LocalBounds> | false | undefined;
}

/**
 * What a kind of entry is: its name, the form of its values, how long it lives. Defined once, used with any cache by `cache.region`.
 * Values are held to the schema when they come from the store, so that an entry of an older version of the program is a miss rather than
 * a value of the wrong form.
 */
export function defineKey<Value, Id extends RegionKey = string>(
  name: string,
  schema: Schema<Value>,
  options: RegionOptions<Id, Value> = {},
): KeyDefinition<Id, Value> {
  if (!/^[\w.-]{1,64}$/.test(name)) {
    throw new InvalidArgument('name', '1 to 64 letters, digits, "_", "-" or "."', name);
  }
  return { name, schema, options };
}

/** Entries of one kind. */
export class Region<Id extends RegionKey, Value> {
  readonly #cache: Cache;
  readonly #tags: RegionOptions<Id, Value>['tags'];

  /** Made by `cache.region`. */
  constructor(cache: Cache, definition: KeyDefinition<Id, Value>) {
    this.#cache = cache;
    this.#tags = definition.options.tags;
  }

  get(id: Id): Promise<Value | undefined> {
    return this.#cache.get<Value>(keyOf(id));
  }

  /** The value, by the loader where there is none. */
  load(
    id: Id,
    loader: (id: Id, context: LoadContext) => Value | PromiseLike<Value>,
    options?: CallOptions<Value>,
  ): Promise<Value> {
    return this.#cache.get<Value>(keyOf(id), (context) => loader(id, context), this.#withTags(id, options));
  }

  set(id: Id, value: Value, options?: CallOptions<Value>): Promise<void> {
    return this.#cache.set(keyOf(id), value, this.#withTags(id, options));
  }

  getMany(ids: readonly Id[]): Promise<(Value | undefined)[]> {
    return this.#cache.mget<Value>(ids.map(keyOf));
  }

  /** Loads what has no fresh value yet, as before the first request; what is there stays. The loader is given ids. */
  warm(
    ids: Iterable<Id> | AsyncIterable<Id>,
    loader: LoadMany<Id, Value>,
    options: WarmOptions<Value> = {},
  ): Promise<WarmProgress> {
    const entry: WarmPlan<Id, Value>['entry'] = (id, load, patience) =>
      this.#cache.entry<Value | undefined>(keyOf(id), load, {
        ...this.#withTags(id, options),
        ...patience,
      });
    return warmUp({ keys: ids, loader, nameOf: keyOf, entry }, options);
  }

  /** Loads behind the caller what is missing, stale or at its end soon. Returns at once; what goes wrong is told by events. */
  prefetch(
    id: Id,
    loader: (id: Id, context: LoadContext) => Value | PromiseLike<Value>,
    options?: PrefetchOptions<Value>,
  ): void {
    this.#cache.prefetch<Value>(keyOf(id), (context) => loader(id, context), {
      ...this.#withTags(id, options),
      within: options?.within,
    });
  }

  delete(id: Id, options?: Abortable): Promise<boolean> {
    return this.#cache.delete(keyOf(id), options);
  }

  has(id: Id, options?: Abortable): Promise<boolean> {
    return this.#cache.has(keyOf(id), options);
  }

  touch(id: Id, ttl?: Ttl, options?: Abortable): Promise<boolean> {
    return this.#cache.touch(keyOf(id), ttl, options);
  }

  clear(options?: Abortable): Promise<void> {
    return this.#cache.clear(options);
  }

  #withTags(id: Id, options: CallOptions<Value> | undefined): CallOptions<Value> | undefined {
    const tags = this.#tags;
    if (tags === undefined || options?.tags !== undefined) return options;
    return { ...options, tags: (value: Value) => tags(value, id) };
  }
}

function keyOf(id: RegionKey): string {
  if (typeof id === 'string') return id;
  if (typeof id !== 'object') return String(id);
  const [first, ...rest] = id.map(String);
  return joinKey([first ?? '', ...rest]);
}
