import { aheadLaws } from './ahead-laws.ts';
import type { CacheHarness } from './cache-harness.ts';
import { guardLaws } from './guard-laws.ts';
import { invalidationLaws } from './invalidation-laws.ts';
import type { Law } from './law.ts';
import { leaseLaws } from './lease-laws.ts';
import { lifeLaws } from './life-laws.ts';
import { recordLaws } from './record-laws.ts';
import type { CacheStoreHarness } from './store-harness.ts';
import { storedLaws } from './stored-laws.ts';
import { valueLaws } from './value-laws.ts';

export type { CacheHarness, CacheProcess } from './cache-harness.ts';
export type { CacheStoreHarness } from './store-harness.ts';
export type { Law } from './law.ts';

/** Everything that a `CacheStore` promises. Run each with a new harness, in any test runner. */
export const cacheStoreLaws: readonly Law<CacheStoreHarness>[] = [...recordLaws, ...leaseLaws, ...guardLaws];

/** What a cache over a store and an invalidation promises, between two processes. */
export const cacheLaws: readonly Law<CacheHarness>[] = [
  ...invalidationLaws,
  ...valueLaws,
  ...lifeLaws,
  ...storedLaws,
  ...aheadLaws,
];
