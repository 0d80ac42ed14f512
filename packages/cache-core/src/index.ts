export { bumpedEpoch, bumpedSince, madeEpoch } from './epoch.ts';
export type {
  GuardNotice,
  Invalidation,
  InvalidationListener,
  InvalidationSubscription,
  KeyNotice,
  Notice,
} from './invalidation.ts';
export { memoryInvalidation } from './memory-invalidation.ts';
export { memoryCacheStore, type MemoryCacheStoreOptions } from './memory-store.ts';
export type {
  CacheStore,
  CacheStoreCapabilities,
  EpochOptions,
  LeaseReply,
  LeaseRequest,
  LeaseToRelease,
  RecordToFill,
  RecordToTouch,
  RecordToWrite,
  StoreCallOptions,
  StoredRecord,
} from './store.ts';
export { Cache } from './cache.ts';
export type { CacheEntry, CallOptions, NamespaceOptions } from './call-options.ts';
export { createCache, type CacheOptions } from './create-cache.ts';
export { CacheMethod, type CacheMethodOptions } from './cache-method.ts';
export type { Codec } from './codec.ts';
export { memoize, type MemoizeOptions } from './memoize.ts';
export { defineKey, type KeyDefinition, type Region, type RegionKey, type RegionOptions } from './region.ts';
export { cacheSignal } from './events.ts';
export type { BulkLoader, LoadMany } from './bulk.ts';
export type { HandOut } from './handing-out.ts';
export type { LoadContext, Loader } from './load.ts';
export type { EntryOptions, Tags, Ttl, TtlClass } from './options.ts';
export type { CacheEvent, CachePolicy, Candidate, Decision } from './policy.ts';
export type { Schema, SchemaResult } from './kernel/schema.ts';
export type { PrefetchOptions } from './prefetch.ts';
export {
  selectAdapter,
  type Adapter,
  type AdapterChoice,
  type Selection,
  type Surroundings,
} from './select-adapter.ts';
export type { LocalBounds } from './space.ts';
export type { CacheStats } from './stats.ts';
export type { WarmOptions, WarmProgress } from './warm.ts';
