import type { Health } from './kernel/health.ts';

/**
 * What a cache asks of the place that keeps its entries.
 *
 * Obligations of every store, shown by the laws in `@parley/cache-core/conformance`:
 * - Bytes come back as they were given, or not at all. A store never looks inside them.
 * - Time is the store's own: `freshMs`, `keepMs` and `ttlMs` count from when the store carries the call out.
 * - Each effect on one key is atomic; a batch is not a transaction, but answers in the order of its requests.
 * - At most once: a write whose reply was lost is reported as `StoreUnavailable`, never sent again by the store. Removing, releasing
 *   and bumping may be repeated, as repeating them cannot bring anything back.
 * - Failures are `StoreUnavailable` (try later) or `StoreFault` (trying again will not help), with the driver's error as `cause`.
 * - A store closes nothing that it did not open.
 */
export interface CacheStore {
  /** For messages and metrics: `redis`, `postgres`, `pglite`, `memory`. */
  readonly name: string;
  readonly capabilities: CacheStoreCapabilities;

  /** The record of each key, or undefined where there is none or its `keepMs` is over. */
  readonly read: (
    keys: readonly string[],
    options?: StoreCallOptions,
  ) => Promise<(StoredRecord | undefined)[]>;

  /** Replaces whatever is there, and breaks a lease on it. Of two writes of one key in a batch the later one stays. */
  readonly write: (records: readonly RecordToWrite[], options?: StoreCallOptions) => Promise<void>;

  /** Removes records and breaks leases; tells which keys had a live record. */
  readonly remove: (keys: readonly string[], options?: StoreCallOptions) => Promise<boolean[]>;

  /** Gives a record that is there a new `freshMs` and `keepMs` without moving its bytes; tells which keys had a live record. */
  readonly touch: (records: readonly RecordToTouch[], options?: StoreCallOptions) => Promise<boolean[]>;

  /**
   * The right to fill a key, for one caller at a time over all processes. Granted when nobody holds it and the key still is what the
   * caller saw: the record of version `seen`, or no record when `seen` is undefined. A record that is there stays readable. Asking again
   * with the same token is granted again.
   */
  readonly lease: (requests: readonly LeaseRequest[], options?: StoreCallOptions) => Promise<LeaseReply[]>;

  /** Writes the record if the key is still under the lease of `token`, and ends the lease; tells whether it did. */
  readonly fill: (records: readonly RecordToFill[], options?: StoreCallOptions) => Promise<boolean[]>;

  /** Ends the lease of `token` if it is still held. The record of the key, if there is one, stays. */
  readonly release: (leases: readonly LeaseToRelease[], options?: StoreCallOptions) => Promise<void>;

  /**
   * The current epoch of each guard (a tag or a namespace). With `keepMs` an absent guard gets a new epoch, and each lives on for at
   * least `keepMs`; without it an absent guard is undefined. Epochs are formed by the rules of `epoch.ts`: they only ever rise, also over
   * the loss of a guard, and tell a guard that was bumped from one that was only made.
   */
  readonly epochs: (guards: readonly string[], options?: EpochOptions) => Promise<(number | undefined)[]>;

  /** Raises the epoch of each guard, also of an absent one, and answers the new epochs. */
  readonly bump: (
    guards: readonly string[],
    options: StoreCallOptions & { readonly keepMs: number },
  ) => Promise<number[]>;

  /** Answers within its own deadline, and never rejects. */
  readonly health: () => Promise<Health>;
}

export interface CacheStoreCapabilities {
  /** Whether other processes see what this one writes. */
  readonly shared: boolean;
  /** Whether records are held at all; where not, values are not even encoded. */
  readonly holds: boolean;
  /** The largest record in bytes; larger ones are refused before the call. */
  readonly maxRecordBytes: number;
  /** The longest key in bytes of UTF-8. */
  readonly maxKeyBytes: number;
  /** How many keys one call carries at the most; larger batches are cut. */
  readonly maxBatch: number;
  /** How many calls should be under way at once; what comes meanwhile gathers into the next batch. */
  readonly maxInFlight: number;
}

export interface StoreCallOptions {
  readonly signal?: AbortSignal | undefined;
}

export interface EpochOptions extends StoreCallOptions {
  readonly keepMs?: number | undefined;
}

export interface StoredRecord {
  readonly bytes: Uint8Array;
  /** Names this write of the key; chosen by the writer, a safe integer. */
  readonly version: number;
  /** Until the record goes stale; zero or less: it is stale, and kept only for grace. */
  readonly freshForMs: number;
}

export interface RecordToWrite {
  readonly key: string;
  readonly bytes: Uint8Array;
  readonly version: number;
  /** How long the record is fresh. */
  readonly freshMs: number;
  /** How long the record is kept; at least `freshMs`. */
  readonly keepMs: number;
}

export interface RecordToTouch {
  readonly key: string;
  readonly freshMs: number;
  readonly keepMs: number;
}

export interface LeaseRequest {
  readonly key: string;
  readonly token: string;
  readonly ttlMs: number;
  readonly seen?: number | undefined;
}

export type LeaseReply =
  /** `stamp` is the store's clock on the scale of the epochs, for `bumpedSince`. */
  | { readonly state: 'granted'; readonly stamp: number }
  /** Somebody wrote the key since the caller looked. */
  | { readonly state: 'changed'; readonly record: StoredRecord | undefined }
  /** Somebody else holds the lease, for this long at the most. */
  | { readonly state: 'held'; readonly forMs: number };

export interface RecordToFill extends RecordToWrite {
  readonly token: string;
}

export interface LeaseToRelease {
  readonly key: string;
  readonly token: string;
}
