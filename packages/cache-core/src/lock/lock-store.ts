import type { Health } from '../kernel/health.ts';

/**
 * What locks ask of the place that knows who holds them.
 *
 * A lock is named by a key and held under a token until its lease ends. Each time it is taken it gets a **fence**: a number above every
 * earlier one of that key. Who has to wait stands in the **queue** of the key, in the order of asking; when the lock is let go it is kept for
 * the first of them for a moment, the claim, and that one is told.
 *
 * Obligations of every store, shown by the laws in `@parley/cache-core/lock/conformance`:
 * - Each call is atomic for its key. At no moment has a key two holders.
 * - Time is the store's own: whatever ends in `Ms` counts from when the store carries the call out. Clocks of processes decide nothing.
 * - Asking again with the token of the holder is granted again, with the same fence, and begins the lease anew: so a caller who does not know
 *   what became of a call repeats it.
 * - Fences of a key only ever rise, whatever becomes of the lock, for as long as the data lives. A store that can lose its data makes sure by
 *   its clock that they rise over the loss too: they are microseconds since 1970, unless the last one was later.
 * - While somebody waits in the queue nobody else is granted a free lock. Whoever does not come for its turn within the claim loses it, and
 *   somebody who does not ask again within `keepMs` may lose its place.
 * - Keys are any text of up to `maxKeyBytes` without control characters. Nothing in them has a meaning. Tokens and names of ears are up to 64
 *   letters, digits, `.`, `_` and `-`.
 * - A call is not sent again by the store: what a lost connection leaves open is reported as `StoreUnavailable`.
 * - Failures are `StoreUnavailable` (try later) or `StoreFault` (trying again will not help), with the driver's error as `cause`.
 * - Nothing is left for ever: a lease that is not renewed, a claim and a place in a queue all end.
 * - A store closes nothing that it did not open.
 */
export interface LockStore {
  /** For messages and metrics: `redis`, `postgres`, `pglite`, `memory`. */
  readonly name: string;
  /** What its names stand under, for messages and metrics: a prefix, a schema. @default nothing */
  readonly prefix?: string | undefined;
  readonly capabilities: LockStoreCapabilities;

  /** Takes the lock if it is free, and otherwise queues if that is asked for. */
  readonly acquire: (request: LockRequest, options?: LockCall) => Promise<LockReply>;

  /** Begins the lease of the holder anew. False: it is not held under this token any more, and nothing was done. */
  readonly extend: (lease: LockLease, options?: LockCall) => Promise<boolean>;

  /**
   * Gives up whatever there is under the token: the lock, which goes to the first who waits; a turn, which goes to the next; a place in the
   * queue. Tells whether the lock was held until now.
   */
  readonly release: (held: LockToRelease, options?: LockCall) => Promise<boolean>;

  /** Begins to hear whose turn it is. Nothing is done before the first `join`. */
  readonly listen: (listener: LockListener) => LockEar;

  /** Answers within its own deadline, and never rejects. */
  readonly health: () => Promise<Health>;
}

export interface LockStoreCapabilities {
  /** Whether other processes see what this one holds. */
  readonly shared: boolean;
  /** The longest key in bytes of UTF-8. */
  readonly maxKeyBytes: number;
}

export interface LockCall {
  /**
   * After how long nobody waits for it any more: what is held for it alone, such as a connection, is worth nothing then. Whoever gives it leaves by
   * themselves, at the limit and with the signal: a store that holds nothing for the call needs neither. @default the store's own
   */
  readonly limitMs?: number | undefined;
  /** Gives up waiting; what was sent may still take effect. */
  readonly signal?: AbortSignal | undefined;
}

export interface LockLease {
  readonly key: string;
  /** Names this taking of the lock, among all there ever are. */
  readonly token: string;
  readonly leaseMs: number;
}

export interface LockRequest extends LockLease {
  /** Where to stand if the lock is not free; undefined: nowhere. */
  readonly queue?: LockQueue | undefined;
}

export interface LockQueue {
  /**
   * Who is to be told. It must have joined the key before; nobody else is told in its place. Always the same one for a token. `-` and a number:
   * somebody who cannot be told. When its turn comes the lock is kept for it for so many ms, instead of the claim, in which it asks by itself.
   */
  readonly ear: string;
  /** How long the place is kept when nothing more is heard of it. */
  readonly keepMs: number;
}

export interface LockToRelease {
  readonly key: string;
  readonly token: string;
  /** The ear of the place in the queue, if there may be one. */
  readonly ear?: string | undefined;
}

export type LockReply =
  | { readonly state: 'granted'; readonly fence: number }
  /** In how many ms it may be free by itself: the lease of the holder, or the claim of whoever's turn it is. */
  | { readonly state: 'held'; readonly forMs: number };

export interface LockListener {
  /** It is the turn of this token: the lock is kept for it, for as long as the claim lasts, and it has to ask again. */
  readonly turn: (key: string, token: string) => void;
  /** Turns may not be heard any more for some or all keys; joining again mends it. */
  readonly lost: (reason: string) => void;
}

/** Hears turns, until it is closed. */
export interface LockEar {
  /** Its name in queues. */
  readonly id: string;
  /** Turns of this key that are told after this has resolved are heard, or `lost` says that they may not be. */
  readonly join: (key: string, options?: LockCall) => Promise<void>;
  /** Whether the key is joined, as far as is known. */
  readonly hears: (key: string) => boolean;
  readonly close: () => Promise<void>;
}
