import type { Core } from './core.ts';
import type { Entry } from './entry.ts';
import type { EntryCodec } from './entry-codec.ts';
import { scopeGuard, tagGuard } from './guards.ts';
import { freezeDeep } from './handing-out.ts';
import { requireKey } from './kernel/key.ts';
import { createLru, type Lru } from './kernel/lru.ts';
import { createSingleFlight, type SingleFlight } from './kernel/single-flight.ts';
import type { Schema } from './kernel/schema.ts';

/** A value and where it came from. */
export interface Answer {
  readonly value: unknown;
  readonly source: 'local' | 'store' | 'loader' | 'stale';
  readonly entry: Entry | undefined;
}

export interface LocalBounds {
  readonly maxEntries: number;
  readonly maxBytes: number;
}

/** One namespace: its keys, its local tier, its loads under way. */
export class Space {
  readonly path: string;
  /** The guards of this namespace and those above it, outermost first. */
  readonly scopes: readonly string[];
  readonly flights: SingleFlight<Answer>;
  readonly local: Lru<string, Entry> | undefined;
  readonly codec: EntryCodec;
  readonly #core: Core;
  readonly #prefix: string;
  readonly #maxKeyBytes: number;
  /** What each load under way depends on, as far as that is known before it ends. */
  readonly #flightGuards = new Map<string, readonly string[]>();

  constructor(core: Core, path: string, bounds: LocalBounds | undefined, schema?: Schema<unknown>) {
    this.#core = core;
    this.path = path;
    this.codec = core.options.codec.holdingTo(schema);
    this.#prefix = `${path}:`;
    const parts = path.split('/');
    this.scopes = parts.map((_, i) => scopeGuard(parts.slice(0, i + 1).join('/')));
    this.#maxKeyBytes = core.options.store.capabilities.maxKeyBytes - Buffer.byteLength(this.#prefix);
    // Each load has its own limit, from the rules of its caller.
    this.flights = createSingleFlight<Answer>({ clock: core.clock, limitMs: Infinity });
    this.local =
      bounds &&
      createLru<string, Entry>({
        ...bounds,
        sizeOf: (entry) => entry.bytes,
        onEvict: () => (core.stats.evictions += 1),
      });
  }

  /** The key as the store knows it; refuses what is no key. */
  storeKey(key: string): string {
    return this.#prefix + requireKey(key, { maxBytes: this.#maxKeyBytes });
  }

  /** Whether the entry may answer as a fresh one. */
  usable(entry: Entry, now: number): boolean {
    return now < entry.freshUntil && now < entry.localUntil && this.believable(entry, now);
  }

  /** Whether nothing that this process knows, or ought to ask for, speaks against the entry. Says nothing about its age. */
  believable(entry: Entry, now: number): boolean {
    const { coherence, guards, away } = this.#core;
    const horizon = coherence.horizon(now);
    if (entry.validatedAt < horizon && !away) return false;
    if (entry.guardRevision === guards.revision) return true;
    const agrees = (guard: string, epoch: number | undefined): boolean => {
      const known = guards.epoch(guard, away ? -Infinity : horizon);
      // While the store is away an unknown epoch is not held against an entry: nobody could have told of a newer one.
      return known === epoch || (away && (known === undefined || Number.isNaN(epoch)));
    };
    const right =
      this.scopes.every((scope, i) => agrees(scope, entry.scopeEpochs[i])) &&
      entry.tags.every((tag, i) => agrees(tagGuard(tag), entry.tagEpochs[i]));
    if (right && !away) entry.guardRevision = guards.revision;
    return right;
  }

  /** A stale entry of this process that may still stand in for a loader. */
  staleEntry(key: string, now: number): Entry | undefined {
    const entry = this.local?.peek(key);
    return entry !== undefined && now < entry.keepUntil && this.believable(entry, now) ? entry : undefined;
  }

  admit(key: string, entry: Entry): void {
    if (this.local === undefined) return;
    if (this.#core.options.handOut === 'frozen') freezeDeep(entry.value);
    if (entry.localUntil > this.#core.clock.monotonic()) this.local.set(key, entry);
    else this.local.delete(key);
  }

  /** The key changed: what is kept is gone, and a load under way is not joined any more. */
  drop(key: string): void {
    this.local?.delete(key);
    this.flights.forget(key);
  }

  changed(key: string): void {
    if (this.local !== undefined) this.#core.coherence.changed(this.#prefix + key);
    this.drop(key);
  }

  /** For a later comparison: what was read before a change of the key must not be kept here. */
  changeOf(key: string): number {
    return this.local === undefined ? 0 : this.#core.coherence.changeOf(this.#prefix + key);
  }

  flush(): void {
    this.local?.clear();
    this.flights.forgetAll();
  }

  /** Runs while a load depends on these guards. */
  async watching<T>(key: string, guards: readonly string[], work: () => Promise<T>): Promise<T> {
    this.#flightGuards.set(key, guards);
    try {
      return await work();
    } finally {
      if (this.#flightGuards.get(key) === guards) this.#flightGuards.delete(key);
    }
  }

  leaveFlights(guards: readonly string[]): void {
    for (const [key, dependsOn] of this.#flightGuards) {
      if (guards.some((guard) => dependsOn.includes(guard))) this.changed(key);
    }
  }
}
