import { anySignal } from '../kernel/abort.ts';
import { exponentialBackoff } from '../kernel/backoff.ts';
import { deadlineIn, withDeadline } from '../kernel/deadline.ts';
import { parseDuration } from '../kernel/duration.ts';
import type { Duration } from '../kernel/duration.ts';
import { Closed, InvalidArgument, isParleyError } from '../kernel/errors.ts';
import { combineHealth } from '../kernel/health.ts';
import type { Health } from '../kernel/health.ts';
import { createInstanceId } from '../kernel/instance-id.ts';
import { requireKey } from '../kernel/key.ts';
import { Acquiring, type AcquiringOptions } from './acquiring.ts';
import type { LockLost } from './errors.ts';
import { lockSignal } from './events.ts';
import { FarTimers } from './far-timers.ts';
import { LockGroup } from './lock-group.ts';
import { Lock, type LockParts } from './lock.ts';
import { settingsOf, takeSettingsOf } from './options.ts';
import type {
  AcquireOptions,
  CreateLocksOptions,
  LockSettings,
  TakeSettings,
  TryAcquireOptions,
} from './options.ts';
import { Standstill } from './standstill.ts';
import { emptyStats, type LockFigures } from './stats.ts';
import { StoreCalls } from './store-calls.ts';
import { Turns } from './turns.ts';

/** What the work of `using` may be given, for one key and for several. */
export type LockedWork<T> = (signal: AbortSignal, fence: number) => Promise<T> | T;
export type LockedGroupWork<T> = (signal: AbortSignal, fences: ReadonlyMap<string, number>) => Promise<T> | T;

/** Locks that exclude each other over all processes that share the store. Made by `createLocks`. */
export class Locks implements AsyncDisposable {
  /** Names this process, and these locks in it, among all that share the store. */
  readonly processId: string;
  readonly #settings: LockSettings;
  readonly #stats = emptyStats();
  readonly #calls: StoreCalls;
  readonly #turns: Turns;
  readonly #closing = new AbortController();
  /** What every lock is made with. */
  readonly #parts: AcquiringOptions & LockParts;
  readonly #held = new Set<Lock>();
  readonly #standstill: Standstill;
  readonly #taking = new Set<Promise<unknown>>();
  #taken = 0;
  #closed: Promise<void> | undefined;

  constructor(options: CreateLocksOptions) {
    const settings = settingsOf(options);
    const { pollMs, storeMs } = settings;
    this.processId = createInstanceId({ clock: settings.clock });
    this.#settings = settings;
    const stats = this.#stats;
    const timers = new FarTimers(settings.clock);
    const calls = new StoreCalls({ ...settings, timers, stats });
    this.#calls = calls;
    const keepMs = pollMs * 3 + storeMs;
    const turns = new Turns({ ...settings, calls, stats, joinMs: pollMs, keepMs });
    this.#turns = turns;
    this.#standstill = new Standstill({
      clock: settings.clock,
      passed: () => {
        for (const lock of this.#held) lock.stoodStill();
      },
      wanted: () => this.#held.size > 0,
    });
    const onOver = (lock: Lock, token: string): void => {
      this.#held.delete(lock);
      turns.over(token);
    };
    const backoff = exponentialBackoff({ minMs: 10, baseMs: 50, maxMs: 1_000, random: settings.random });
    const closing = this.#closing.signal;
    this.#parts = { ...settings, timers, calls, turns, stats, backoff, closing, onOver };
  }

  /**
   * Takes a lock, or several. Rejects with `LockContended` when somebody else holds it for all of the wait, with `StoreUnavailable` when the
   * store does not answer; what it may hold nevertheless is given back. Settles by the end of the wait and of one deadline of the store.
   *
   * Several are taken in the order of their names, whatever the order they are given in, so that two who want the same ones cannot wait for
   * each other. One who holds a lock already and asks for it again waits for itself.
   */
  acquire(key: string, options?: AcquireOptions): Promise<Lock>;
  acquire(keys: readonly string[], options?: AcquireOptions): Promise<LockGroup>;
  acquire(what: string | readonly string[], options: AcquireOptions = {}): Promise<Lock | LockGroup> {
    try {
      const settings = takeSettingsOf(this.#settings, options);
      return typeof what === 'string'
        ? this.#take(this.#key(what), settings, options.signal)
        : this.#takeAll(this.#keys(what), settings, options.signal);
    } catch (error) {
      return Promise.reject(error);
    }
  }

  /** Takes a lock, or several, if nobody holds one of them or waits for it; undefined otherwise. Does not wait. */
  tryAcquire(key: string, options?: TryAcquireOptions): Promise<Lock | undefined>;
  tryAcquire(keys: readonly string[], options?: TryAcquireOptions): Promise<LockGroup | undefined>;
  async tryAcquire(
    what: string | readonly string[],
    options: TryAcquireOptions = {},
  ): Promise<Lock | LockGroup | undefined> {
    const now: AcquireOptions = { ...options, wait: 0 };
    try {
      return await (typeof what === 'string' ? this.acquire(what, now) : this.acquire(what, now));
    } catch (error) {
      if (isParleyError(error, 'LOCK_CONTENDED')) return undefined;
      throw error;
    }
  }

  /**
   * Runs work under a lock, or several. The signal is aborted when the lock is lost, or the caller's is. Rejects with `LockLost` when it was
   * lost before the work was over, whatever that came to, unless the work failed for a reason of its own.
   */
  using<T>(key: string, work: LockedWork<T>, options?: AcquireOptions): Promise<T>;
  using<T>(keys: readonly string[], work: LockedGroupWork<T>, options?: AcquireOptions): Promise<T>;
  async using<T>(
    what: string | readonly string[],
    work: LockedWork<T> & LockedGroupWork<T>,
    options: AcquireOptions = {},
  ): Promise<T> {
    if (typeof what === 'string') {
      const lock = await this.acquire(what, options);
      return runUnder(lock, (signal) => work(signal, lock.fence), options.signal);
    }
    const group = await this.acquire(what, options);
    return runUnder(group, (signal) => work(signal, group.fences), options.signal);
  }

  stats(): LockFigures {
    return { ...this.#stats, held: this.#held.size, waiting: this.#turns.waiting };
  }

  /** That of the store. */
  async health(): Promise<Health> {
    const { clock, store } = this.#settings;
    if (this.#closed !== undefined)
      return { status: 'down', since: clock.now(), details: { error: 'it is closed' } };
    const asked = this.#calls.call('tell its health', '', () => store.health());
    const found = await asked.catch((error: unknown): Health => ({
      status: 'down',
      since: clock.now(),
      details: { error: String(error) },
    }));
    const { held, waiting, lost } = this.stats();
    const combined = combineHealth({ store: found }, { clock });
    return { ...combined, details: { held, waiting, lost } };
  }

  /** Whoever waits gets `Closed`; the signals of locks that are held are aborted, and then they are let go. Resolves within the limit, also when the store is away. */
  close(options: { readonly within?: Duration | undefined } = {}): Promise<void> {
    this.#closed ??= this.#close(parseDuration(options.within ?? '5s', { field: 'within' }));
    return this.#closed;
  }

  [Symbol.asyncDispose](): Promise<void> {
    return this.close();
  }

  async #close(withinMs: number): Promise<void> {
    const closed = new Closed('The locks');
    this.#closing.abort(closed);
    this.#calls.giveUp(closed);
    // They settle at once, and take back what they have asked for.
    await Promise.allSettled(this.#taking);
    for (const lock of this.#held) this.#calls.track(lock.revoke());
    const { clock } = this.#settings;
    const within = deadlineIn(withinMs, { clock });
    await this.#calls.close(withinMs);
    // An ear that is just being opened closes when it is open.
    const deaf = this.#turns.close().catch(() => undefined);
    await withDeadline(within, () => deaf).catch(() => undefined);
  }

  async #takeAll(
    keys: readonly string[],
    settings: TakeSettings,
    signal: AbortSignal | undefined,
  ): Promise<LockGroup> {
    const { clock, storeMs } = this.#settings;
    const until = clock.monotonic() + settings.waitMs;
    const locks: Lock[] = [];
    try {
      for (const key of keys) locks.push(await this.#take(key, settings, signal, until));
      const group = new LockGroup(locks);
      // While the last one was waited for, the first one may have been lost.
      group.requireHeld();
      return group;
    } catch (error) {
      const released = Promise.all(locks.map((lock) => lock.release()));
      this.#calls.track(released);
      const left = Math.max(0, until + storeMs - clock.monotonic());
      await withDeadline(left, () => released, { clock }).catch(() => undefined);
      throw error;
    }
  }

  async #take(
    key: string,
    { leaseMs, waitMs, autoExtend }: TakeSettings,
    signal: AbortSignal | undefined,
    until = this.#settings.clock.monotonic() + waitMs,
  ): Promise<Lock> {
    const stats = this.#stats;
    this.#taken += 1;
    const token = `${this.processId}.${this.#taken}`;
    const latest = until + this.#settings.storeMs;
    const taking = new Acquiring(this.#parts, { key, token, leaseMs, until, latest, signal }).take();
    this.#taking.add(taking);
    try {
      const { fence, askedAt, waitedMs, waited, doubtful } = await taking;
      stats.acquired += 1;
      if (waited) stats.waited += 1;
      const lock = new Lock(this.#parts, { key, token, fence, leaseMs, autoExtend, askedAt, doubtful });
      this.#held.add(lock);
      this.#standstill.watch();
      if (lockSignal.active) lockSignal.emit({ type: 'acquired', key, fence, waitedMs });
      return lock;
    } finally {
      this.#taking.delete(taking);
    }
  }

  #key(key: unknown): string {
    return requireKey(key, { maxBytes: this.#settings.store.capabilities.maxKeyBytes });
  }

  /** In one order for everybody, so that nobody waits in a circle. */
  #keys(keys: readonly unknown[]): readonly string[] {
    if (!Array.isArray(keys) || keys.length === 0)
      throw new InvalidArgument('keys', 'at least one key', keys);
    return [...new Set(keys.map((key) => this.#key(key)))].toSorted();
  }
}

export function createLocks(options: CreateLocksOptions): Locks {
  if (typeof options !== 'object' || options === null)
    throw new InvalidArgument('options', 'an object with a store', options);
  return new Locks(options);
}

interface Held {
  readonly signal: AbortSignal;
  readonly lost: LockLost | undefined;
  release(): Promise<boolean>;
}

async function runUnder<T>(
  held: Held,
  work: (signal: AbortSignal) => Promise<T> | T,
  outer: AbortSignal | undefined,
): Promise<T> {
  const linked = anySignal([held.signal, outer]);
  try {
    const result = await work(linked.signal);
    if (held.lost !== undefined) throw held.lost;
    return result;
  } catch (error) {
    // That it was told to stop is no reason of its own.
    const told = error === linked.signal.reason || (error instanceof Error && error.name === 'AbortError');
    throw told && held.lost !== undefined ? held.lost : error;
  } finally {
    linked.dispose();
    await held.release();
  }
}
