import { guardLaws } from './guard-laws.ts';
import type { Law } from './law.ts';
import { leaseLaws } from './lease-laws.ts';
import { recordLaws } from './record-laws.ts';
import type { CacheStoreHarness } from './store-harness.ts';

export type { CacheStoreHarness } from './store-harness.ts';
export type { Law } from './law.ts';

/** Everything that a `CacheStore` promises. Run each with a new harness, in any test runner. */
export const cacheStoreLaws: readonly Law<CacheStoreHarness>[] = [...recordLaws, ...leaseLaws, ...guardLaws];
