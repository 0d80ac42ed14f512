/** What a cache did since it was made. */
export interface CacheStats {
  localHits: number;
  storeHits: number;
  misses: number;
  /** Answers that were stale, within their grace. */
  staleServed: number;
  loads: number;
  loadErrors: number;
  loadTimeouts: number;
  /** Callers who shared the load of another. */
  coalesced: number;
  /** Waits for a load in another process. */
  leaseWaits: number;
  fills: number;
  /** Loaded values that were not stored, because the key or a tag changed during the load. */
  fillsRefused: number;
  /** Loaded values that were not stored, because the loader or a policy said so. */
  declined: number;
  sets: number;
  deletes: number;
  invalidations: number;
  /** Entries whose bytes were damaged or of a format unknown here. */
  unreadable: number;
  /** Entries whose value no longer fits the schema. */
  schemaMisses: number;
  /** Values too large to store. */
  oversize: number;
  /** Calls to the store that failed or were not tried. */
  storeErrors: number;
  /** Times the store went away. */
  outages: number;
  noticesReceived: number;
  flushes: number;
  evictions: number;
}

export const emptyStats = (): CacheStats => ({
  localHits: 0,
  storeHits: 0,
  misses: 0,
  staleServed: 0,
  loads: 0,
  loadErrors: 0,
  loadTimeouts: 0,
  coalesced: 0,
  leaseWaits: 0,
  fills: 0,
  fillsRefused: 0,
  declined: 0,
  sets: 0,
  deletes: 0,
  invalidations: 0,
  unreadable: 0,
  schemaMisses: 0,
  oversize: 0,
  storeErrors: 0,
  outages: 0,
  noticesReceived: 0,
  flushes: 0,
  evictions: 0,
});
