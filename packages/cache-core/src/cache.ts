import { assign } from './assign.ts';
import { loadTogether, readMany, type BulkLoader } from './bulk.ts';
import type { CacheEntry, CallOptions, NamespaceOptions } from './call-options.ts';
import { invalidate, remove, tagGuards } from './change.ts';
import type { Core } from './core.ts';
import type { Entry } from './entry.ts';
import { handedOut } from './handing-out.ts';
import { abortable } from './kernel/abort.ts';
import type { Abortable } from './kernel/abort.ts';
import { InvalidArgument } from './kernel/errors.ts';
import type { Health } from './kernel/health.ts';
import type { Loader } from './load.ts';
import { freshInStore, type Asked } from './lookup.ts';
import { obtain, refreshBehind } from './obtain.ts';
import { parseTtl, refineRules, type EntryOptions, type EntryRules, type Ttl } from './options.ts';
import type { CacheEvent } from './policy.ts';
import { Region, type KeyDefinition, type RegionKey } from './region.ts';
import type { Schema } from './kernel/schema.ts';
import { prefetch, type PrefetchOptions } from './prefetch.ts';
import { prolong, slide } from './slide.ts';
import { Space, type Answer, type LocalBounds } from './space.ts';
import type { CacheStats } from './stats.ts';
import { warmUp, type WarmOptions, type WarmPlan, type WarmProgress } from './warm.ts';

export class Cache {
  readonly #core: Core;
  readonly #space: Space;
  readonly #rules: EntryRules;
  readonly #bounds: LocalBounds | undefined;
  /** Whether a value is handed out as it is. */
  readonly #plain: boolean;

  /** Made by `createCache` and `namespace`. */
  constructor(
    core: Core,
    path: string,
    rules: EntryRules,
    bounds: LocalBounds | undefined,
    schema?: Schema<unknown>,
  ) {
    this.#core = core;
    this.#rules = rules;
    this.#bounds = bounds;
    this.#plain = core.options.handOut !== 'cloned';
    this.#space = core.spaces.get(path) ?? new Space(core, path, bounds, schema);
    core.spaces.set(path, this.#space);
  }

  /** The value, by the loader where there is none. A store that is away is a miss. */
  get<Value>(key: string): Promise<Value | undefined>;
  get<Value>(key: string, loader: Loader<Value>, options?: CallOptions<Value>): Promise<Value>;
  get(key: string, loader?: Loader, options?: CallOptions): Promise<unknown> {
    const entry = this.#space.local?.get(key);
    if (entry !== undefined) {
      const now = this.#core.clock.monotonic();
      if (this.#space.usable(entry, now)) {
        this.#core.stats.localHits += 1;
        // Not an async function, which would cost a hit a quarter of its time.
        return this.#plain && !entry.sliding && now < entry.refreshFrom
          ? Promise.resolve(entry.value)
          : this.#hit(key, entry, now, loader, options);
      }
    }
    return this.#read(key, loader, options);
  }

  /** `get` that tells where the value came from and how long it lives. */
  entry<Value>(
    key: string,
    loader?: Loader<Value>,
    options?: CallOptions<Value>,
  ): Promise<CacheEntry<Value> | undefined>;
  async entry(key: string, loader?: Loader, options?: CallOptions): Promise<CacheEntry<unknown> | undefined> {
    const entry = this.#space.local?.get(key);
    const now = this.#core.clock.monotonic();
    const answer =
      entry !== undefined && this.#space.usable(entry, now)
        ? { value: entry.value, source: 'local' as const, entry }
        : await this.#answer(key, loader, options);
    if (answer === undefined) return undefined;
    const left = answer.entry && (answer.entry.freshUntil - this.#core.clock.monotonic()) / 1000;
    const value = handedOut(this.#core.options.handOut, answer.value);
    return { value, source: answer.source, ttl: left };
  }

  /** Rejects when the store did not confirm; then nobody may rely on either value. */
  async set<Value>(key: string, value: Value, options?: CallOptions<Value>): Promise<void> {
    await abortable(assign(this.#core, [{ asked: this.#ask(key, options), value }]), options?.signal);
  }

  /** Whether there was an entry. A load of this key that is under way will not be stored. */
  async delete(key: string, options?: Abortable): Promise<boolean> {
    const [existed] = await abortable(remove(this.#core, [this.#ask(key)]), options?.signal);
    return existed ?? false;
  }

  async has(key: string, options?: Abortable): Promise<boolean> {
    return (await this.#peek(key, options)) !== undefined;
  }

  /** The seconds that are left of the entry's ttl, undefined when there is no fresh entry. */
  async ttl(key: string, options?: Abortable): Promise<number | undefined> {
    const entry = await this.#peek(key, options);
    return entry && (entry.freshUntil - this.#core.clock.monotonic()) / 1000;
  }

  /** Gives the entry a new ttl, its own again by default; tells whether there was one. */
  async touch(key: string, ttl?: Ttl, options?: Abortable): Promise<boolean> {
    const entry = await this.#peek(key, options);
    if (entry === undefined) return false;
    const { store, classes } = this.#core.options;
    const freshMs = ttl === undefined ? entry.freshMs : parseTtl('ttl', ttl, classes, 1);
    const keepMs = freshMs + entry.keepMs - entry.freshMs;
    if (!store.capabilities.holds) {
      prolong(entry, freshMs, keepMs, this.#core.clock.monotonic());
      return true;
    }
    const asked = this.#ask(key);
    this.#space.changed(key);
    const existed = await this.#core.remote.touch({ key: asked.storeKey, freshMs, keepMs });
    await this.#core.tell([[asked.storeKey, 0]]);
    return existed;
  }

  /** The values in the order of the keys, with one call to the store. */
  mget<Value>(keys: readonly string[], options?: Abortable): Promise<(Value | undefined)[]>;
  async mget(keys: readonly string[], options?: Abortable): Promise<unknown[]> {
    const asked = keys.map((key) => this.#ask(key));
    return readMany(this.#core, this.#space, asked, options?.signal);
  }

  /** Sets all with one call to the store. */
  async mset<Value>(
    entries: ReadonlyMap<string, Value> | readonly (readonly [key: string, value: Value])[],
    options?: CallOptions<Value>,
  ): Promise<void> {
    const assignments = [...entries].map(([key, value]) => ({ asked: this.#ask(key, options), value }));
    if (assignments.length > 0) await abortable(assign(this.#core, assignments), options?.signal);
  }

  /** How many of the keys had an entry. */
  async mdel(keys: readonly string[], options?: Abortable): Promise<number> {
    if (keys.length === 0) return 0;
    const existed = await abortable(
      remove(
        this.#core,
        keys.map((key) => this.#ask(key)),
      ),
      options?.signal,
    );
    return existed.filter(Boolean).length;
  }

  /**
   * The values in the order of the keys; those that are nowhere come from one call of the loader. It answers a map, or a list in the order
   * of the keys that it was given.
   */
  async getMany<Value>(
    keys: readonly string[],
    loader: BulkLoader<Value>,
    options?: CallOptions<Value>,
  ): Promise<(Value | undefined)[]> {
    const loadOne = loadTogether(loader, String);
    return Promise.all(keys.map((key) => this.get(key, () => loadOne(key), options)));
  }

  /** Loads what has no fresh value yet, as before the first request; what is there stays. Rejects only when it is given up, or with `INVALID_ARGUMENT`. */
  warm<Value>(
    keys: Iterable<string> | AsyncIterable<string>,
    loader: BulkLoader<Value>,
    options: WarmOptions<Value> = {},
  ): Promise<WarmProgress> {
    const entry: WarmPlan<string, Value>['entry'] = (key, load, patience) =>
      this.entry(key, load, { ...options, ...patience });
    return warmUp({ keys, loader, nameOf: (key) => this.#space.storeKey(key), entry }, options);
  }

  /** Loads behind the caller what is missing, stale or at its end soon. Returns at once; what goes wrong is told by events. */
  prefetch<Value>(key: string, loader: Loader<Value>, options?: PrefetchOptions<Value>): void {
    prefetch(this.#core, this.#ask(key, options), loader, options?.within);
  }

  /** Every entry with the tag, or with one below it, is stale from now on: in this process at once, in others within the staleness bound. */
  invalidateByTag(tag: string, options?: Abortable): Promise<void> {
    return this.invalidateByTags([tag], options);
  }

  async invalidateByTags(tags: readonly string[], options?: Abortable): Promise<void> {
    if (tags.length > 0) await abortable(invalidate(this.#core, tagGuards(tags)), options?.signal);
  }

  /** Everything in this namespace and those below it is gone, however much it is. */
  async clear(options?: Abortable): Promise<void> {
    const own = this.#space.scopes.slice(-1);
    await abortable(invalidate(this.#core, own), options?.signal);
    for (const space of this.#core.spaces.values()) {
      if (space.scopes.includes(own[0] ?? '')) space.flush();
    }
  }

  /** A part of this cache with keys, defaults and bounds of its own. Tags are common to the whole cache. */
  namespace(name: string, options: NamespaceOptions = {}): Cache {
    if (!/^[\w.-]{1,64}$/.test(name))
      throw new InvalidArgument('namespace', '1 to 64 letters, digits, "_", "-" or "."', name);
    const { local, schema, ...entryOptions } = options;
    const bounds = local === false ? undefined : this.#bounds && { ...this.#bounds, ...local };
    return new Cache(this.#core, `${this.#space.path}/${name}`, this.#refine(entryOptions), bounds, schema);
  }

  /** The entries of one kind, as `defineKey` describes it. */
  region<Id extends RegionKey, Value>(definition: KeyDefinition<Id, Value>): Region<Id, Value> {
    const { tags: _, ...options } = definition.options;
    return new Region(this.namespace(definition.name, { ...options, schema: definition.schema }), definition);
  }

  /** Hears what happens, hits excepted, until the returned function is called. */
  on(listener: (event: CacheEvent) => void): () => void {
    return this.#core.events.on(listener);
  }

  stats(): CacheStats & { readonly localEntries: number; readonly localBytes: number } {
    let localEntries = 0;
    let localBytes = 0;
    for (const { local } of this.#core.spaces.values()) {
      localEntries += local?.size ?? 0;
      localBytes += local?.bytes ?? 0;
    }
    return { ...this.#core.stats, localEntries, localBytes };
  }

  async health(): Promise<Health> {
    return this.#core.health();
  }

  /** Ends timers and subscriptions. The store and the connections are closed by who opened them. */
  async close(): Promise<void> {
    await this.#core.close();
  }

  /** A hit that does something besides. */
  async #hit(
    key: string,
    entry: Entry,
    now: number,
    loader: Loader | undefined,
    options: CallOptions | undefined,
  ): Promise<unknown> {
    if (now >= entry.refreshFrom && loader !== undefined) {
      refreshBehind(this.#core, this.#ask(key, options), loader, entry);
    }
    if (entry.sliding) slide(this.#core, this.#ask(key), entry);
    return handedOut(this.#core.options.handOut, entry.value);
  }

  async #read(key: string, loader: Loader | undefined, options: CallOptions | undefined): Promise<unknown> {
    const answer = await this.#answer(key, loader, options);
    if (answer?.entry?.sliding === true) slide(this.#core, this.#ask(key), answer.entry);
    return handedOut(this.#core.options.handOut, answer?.value);
  }

  async #answer(
    key: string,
    loader: Loader | undefined,
    options: CallOptions | undefined,
  ): Promise<Answer | undefined> {
    const asked = this.#ask(key, options);
    if (loader !== undefined) return obtain(this.#core, asked, loader, options?.signal);
    const entry = await freshInStore(this.#core, asked, options?.signal);
    if (entry === undefined) {
      this.#core.stats.misses += 1;
      return undefined;
    }
    this.#core.stats.storeHits += 1;
    return { value: entry.value, source: 'store', entry };
  }

  async #peek(key: string, options: Abortable | undefined): Promise<Entry | undefined> {
    const entry = this.#space.local?.peek(key);
    if (entry !== undefined && this.#space.usable(entry, this.#core.clock.monotonic())) return entry;
    return freshInStore(this.#core, this.#ask(key), options?.signal);
  }

  #ask(key: string, options?: CallOptions): Asked {
    return {
      space: this.#space,
      key,
      storeKey: this.#space.storeKey(key),
      rules: options === undefined ? this.#rules : this.#refine(options),
    };
  }

  #refine(options: EntryOptions): EntryRules {
    return refineRules(this.#rules, options, this.#core.options.classes);
  }
}
