import { commitDrafts, type Draft } from './assign.ts';
import { Coherence } from './coherence.ts';
import type { EntryCodec } from './entry-codec.ts';
import type { CacheEvents } from './events.ts';
import { Failsafe } from './failsafe.ts';
import { GuardTable } from './guards.ts';
import type { HandOut } from './handing-out.ts';
import type { GuardNotice, Invalidation, KeyNotice } from './invalidation.ts';
import { createBatcher } from './kernel/batcher.ts';
import { createBulkhead, type Bulkhead } from './kernel/bulkhead.ts';
import type { Clock } from './kernel/clock.ts';
import { combineHealth, type Health } from './kernel/health.ts';
import { createInstanceId } from './kernel/instance-id.ts';
import type { Logger } from './kernel/logger.ts';
import { lookup, type Asked, type Found } from './lookup.ts';
import type { TtlClasses } from './options.ts';
import type { CachePolicy } from './policy.ts';
import { createRemote, type Remote } from './remote.ts';
import type { Space } from './space.ts';
import type { CacheStats } from './stats.ts';
import type { CacheStore } from './store.ts';

export interface CoreOptions {
  readonly stats: CacheStats;
  readonly events: CacheEvents;
  readonly policies: readonly CachePolicy[];
  readonly handOut: HandOut;
  readonly store: CacheStore;
  readonly invalidation: Invalidation | undefined;
  readonly codec: EntryCodec;
  readonly clock: Clock;
  readonly random: () => number;
  readonly logger: Logger;
  readonly classes: TtlClasses;
  readonly boundMs: number;
  readonly deadlineMs: number;
  readonly leaseMs: number;
  readonly maxLoaders: number;
  readonly maxQueuedLoaders: number;
}

/** In a batch of writes a record of this many bytes more counts as one more record: so a few large ones are a batch as well. */
const largeBytes = 4_096;

interface Change {
  readonly keys: readonly KeyNotice[];
  readonly guards: readonly GuardNotice[];
}

/** What all namespaces of one cache share. */
export class Core {
  readonly options: CoreOptions;
  readonly clock: Clock;
  /** Names this cache among all that share the store; its own notices are skipped by it. */
  readonly origin = createInstanceId();
  readonly stats: CacheStats;
  readonly events: CacheEvents;
  readonly guards = new GuardTable();
  readonly spaces = new Map<string, Space>();
  readonly failsafe: Failsafe;
  readonly remote: Remote;
  readonly coherence: Coherence;
  /** Bounds the loaders that run while no lease can hold them back. */
  readonly bulkhead: Bulkhead;
  /** Bounds what is loaded for nobody who waits. */
  readonly prefetches = createBulkhead({ name: 'prefetches', maxRunning: 16, maxQueued: 1_000 });
  /** Looks keys up in the store; those of one turn of the event loop in one call. */
  readonly look: (asked: Asked) => Promise<Found>;
  /** Writes to the store, tells and keeps; what comes in one turn of the event loop, in one call. */
  readonly commit: (drafts: readonly Draft[]) => Promise<undefined>;
  readonly #tell: (change: Change) => Promise<void>;
  #version: number;

  constructor(options: CoreOptions) {
    const { store, clock, invalidation, deadlineMs, random } = options;
    this.options = options;
    this.stats = options.stats;
    this.events = options.events;
    this.clock = clock;
    this.#version = Math.floor(random() * 2 ** 51);
    this.bulkhead = createBulkhead({
      name: 'loaders without the store',
      maxRunning: options.maxLoaders,
      maxQueued: options.maxQueuedLoaders,
    });
    this.failsafe = new Failsafe({
      name: store.name,
      clock,
      deadlineMs,
      probeEveryMs: 400,
      probe: () => store.read(['parley:probe']),
      onAway: (error) => {
        this.stats.outages += 1;
        this.events.emit({ type: 'away', error });
        options.logger.warn(
          { store: store.name, error },
          'The store is away; answering from memory and loaders',
        );
      },
      onBack: () => {
        options.logger.info({ store: store.name }, 'The store is back');
        this.events.emit({ type: 'back' });
        this.#flush();
      },
    });
    this.remote = createRemote(store, this.failsafe);
    this.coherence = new Coherence({
      clock,
      guards: this.guards,
      origin: this.origin,
      invalidation,
      shared: store.capabilities.shared,
      boundMs: options.boundMs,
      onKeys: (keys) => this.#dropKeys(keys),
      onGuards: (guards) => this.leaveFlights(guards),
      onFlush: () => this.#flush(),
    });
    this.look = createBatcher<Asked, Found>({
      run: (asked) => lookup(this, asked),
      maxBatch: store.capabilities.maxBatch,
      maxInFlight: store.capabilities.maxInFlight,
      nameOf: ({ storeKey }) => storeKey,
    });
    this.commit = createBatcher<readonly Draft[], undefined>({
      run: async (groups) => {
        await commitDrafts(this, groups.flat());
        return groups.map(() => undefined);
      },
      maxBatch: store.capabilities.maxBatch,
      maxInFlight: store.capabilities.maxInFlight,
      sizeOf: (drafts) => drafts.reduce((sum, { record }) => sum + 1 + record.bytes.length / largeBytes, 0),
    });
    const batched = createBatcher<Change, undefined>({
      run: async (changes) => {
        if (invalidation === undefined) return changes.map(() => undefined);
        await invalidation.publish({
          origin: this.origin,
          keys: changes.flatMap(({ keys }) => keys),
          guards: changes.flatMap(({ guards }) => guards),
        });
        return changes.map(() => undefined);
      },
      maxBatch: 1000,
      maxInFlight: 8,
    });
    this.#tell = invalidation === undefined ? async () => {} : batched;
  }

  get away(): boolean {
    return this.failsafe.away;
  }

  nextVersion(): number {
    this.#version += 1;
    return this.#version;
  }

  /** Tells who listens, without making the event when nobody does. */
  happened(type: 'miss' | 'load' | 'stale' | 'refused' | 'set' | 'delete', { space, key }: Asked): void {
    if (this.events.heard) this.events.emit({ type, namespace: space.path, key });
  }

  /** Resolves once the change is on its way to every other process. */
  tell(keys: readonly KeyNotice[], guards: readonly GuardNotice[] = []): Promise<void> {
    return this.#tell({ keys, guards });
  }

  /** Loads under way that depend on these guards began before the invalidation: who comes now must not join them. */
  leaveFlights(guards: readonly string[]): void {
    for (const space of this.spaces.values()) space.leaveFlights(guards);
  }

  async health(): Promise<Health> {
    const { store, invalidation, boundMs } = this.options;
    const startedAt = this.clock.monotonic();
    const answered = await store.health();
    // A store that answers again is used from the next probe on; until then it is as good as away.
    const checks: Record<string, Health> = {
      store: this.away && answered.status === 'up' ? { ...answered, status: 'degraded' } : answered,
    };
    if (invalidation !== undefined) {
      const state = this.coherence.stateAt(this.clock.monotonic());
      checks['invalidation'] = {
        status: state === 'live' ? 'up' : 'degraded',
        since: this.clock.now(),
        details: {
          state,
          via: invalidation.name,
          stalenessBoundMs: Math.max(boundMs, invalidation.detectionMs),
        },
      };
    }
    return {
      ...combineHealth(checks, { optional: ['store'], clock: this.clock }),
      latencyMs: this.clock.monotonic() - startedAt,
    };
  }

  async close(): Promise<void> {
    this.failsafe.close();
    await this.coherence.close();
    for (const space of this.spaces.values()) space.flush();
  }

  #dropKeys(keys: readonly string[]): void {
    this.stats.noticesReceived += 1;
    for (const storeKey of keys) {
      const end = storeKey.indexOf(':');
      this.spaces.get(storeKey.slice(0, end))?.drop(storeKey.slice(end + 1));
    }
  }

  #flush(): void {
    this.stats.flushes += 1;
    this.events.emit({ type: 'flush' });
    this.guards.forget();
    for (const space of this.spaces.values()) space.flush();
  }
}
