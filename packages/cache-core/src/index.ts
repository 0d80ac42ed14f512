export { bumpedEpoch, bumpedSince, madeEpoch } from './epoch.ts';
export type {
  GuardNotice,
  Invalidation,
  InvalidationListener,
  InvalidationSubscription,
  KeyNotice,
  Notice,
} from './invalidation.ts';
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
export { Cache, type CacheEntry, type CallOptions, type NamespaceOptions } from './cache.ts';
export { createCache, type CacheOptions } from './create-cache.ts';
export { CacheMethod, type CacheMethodOptions } from './cache-method.ts';
export type { Codec } from './codec.ts';
export { memoize, type MemoizeOptions } from './memoize.ts';
export { defineKey, type KeyDefinition, type Region, type RegionKey, type RegionOptions } from './region.ts';
