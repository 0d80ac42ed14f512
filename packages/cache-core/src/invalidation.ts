/**
 * How caches of many processes tell one another that something changed. Notices carry keys and epochs, never values.
 *
 * Obligations: what `publish` resolved for reaches every subscription that stays live, in any order, at least once. A subscription that may
 * have missed a notice says so: it leaves `live` before it can be silent for longer than its stated bound, and when it comes back to `live`
 * its listener forgets everything it kept. A subscription in an unknown state is never `live`.
 */
export interface Invalidation {
  readonly name: string;
  /** How long a missed notice can stay unnoticed, in ms: the time to find out that the subscription is gone. */
  readonly detectionMs: number;
  publish(notice: Notice, options?: { readonly signal?: AbortSignal | undefined }): Promise<void>;
  /** The listener hears of the current state at once or later; before that the subscription is not live. */
  subscribe(listener: InvalidationListener): InvalidationSubscription;
}

export interface Notice {
  /** The process and cache that speaks; a listener skips its own. */
  readonly origin: string;
  readonly keys: readonly KeyNotice[];
  readonly guards: readonly GuardNotice[];
}

/** The key as the store knows it, and the version that was written; 0 when it was removed. */
export type KeyNotice = readonly [key: string, version: number];

/** A guard and its new epoch. */
export type GuardNotice = readonly [guard: string, epoch: number];

export interface InvalidationListener {
  notice(notice: Notice): void;
  /** `live`: everything kept from before must go. `suspect`: notices may be missing from now on. */
  state(state: 'live' | 'suspect'): void;
}

export interface InvalidationSubscription {
  /**
   * The moment (monotonic ms of `systemClock`, or of the clock that the invalidation was given) up to which it vouches for having missed
   * nothing: at most `detectionMs` ahead, `-Infinity` while it is not live or was closed, `Infinity` where nothing can get lost. Who
   * believes what he remembers compares it with his own moment: a process whose event loop stood still is asked for answers before any of its
   * timers has said that it is suspect. Called for each answer from memory, so it must cost next to nothing.
   */
  vouchedUntil(): number;
  close(): Promise<void>;
}
