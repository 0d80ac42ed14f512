import { anySignal, throwIfAborted } from '../kernel/abort.ts';
import type { LinkedSignal } from '../kernel/abort.ts';
import type { Backoff } from '../kernel/backoff.ts';
import { isParleyError, StoreUnavailable } from '../kernel/errors.ts';
import type { ParleyError } from '../kernel/errors.ts';
import type { Alarm } from './alarm.ts';
import { LockContended } from './errors.ts';
import { lockSignal } from './events.ts';
import { confirmedFor, momentOf, sinceMs } from './lease.ts';
import type { Moment } from './lease.ts';
import type { LockReply, LockRequest } from './lock-store.ts';
import type { LockSettings } from './options.ts';
import type { LockStats } from './stats.ts';
import type { StoreCalls } from './store-calls.ts';
import type { Turns } from './turns.ts';

export interface AcquiringOptions extends LockSettings {
  readonly calls: StoreCalls;
  readonly turns: Turns;
  readonly stats: LockStats;
  /** Between two calls, while the store does not answer. */
  readonly backoff: Backoff;
  /** Aborted when nobody is to wait any more. */
  readonly closing: AbortSignal;
}

export interface Wanted {
  readonly key: string;
  readonly token: string;
  readonly leaseMs: number;
  /** How long it is waited for, and when all of it is over: both by the monotonic clock, and shared by those who want several. */
  readonly until: number;
  readonly latest: number;
  readonly signal: AbortSignal | undefined;
}

export interface Taken {
  readonly fence: number;
  /** When it was asked for: the lease began after that. */
  readonly askedAt: Moment;
  readonly waitedMs: number;
  /** Whether somebody else held it at first. */
  readonly waited: boolean;
  /** Whether it was also asked for without an answer. */
  readonly doubtful: boolean;
}

/** How long at the most it is not asked again though it may be free. */
const slowestMs = 250;

/** After how many times in vain it is not tried any more to hear turns. */
const deafAfter = 2;
/** How long a question may take, for which the lock is kept for somebody who cannot be told. */
const untoldMs = 250;

/** One who wants a lock, from asking until it is had, or not any more wanted. */
export class Acquiring {
  readonly #options: AcquiringOptions;
  readonly #wanted: Wanted;
  readonly #begun: number;
  #queued = false;
  /** Rings when it is its turn; there when one may come. */
  #alarm: Alarm | undefined;
  #doubtful = false;
  #failures = 0;
  #failure: ParleyError | undefined;
  #heldForMs = 0;
  /** How often in a row it was told to be held for as long as the time before: nobody knows then. */
  #alike = 0;
  /** Since which loss of turns it stands in the queue; of a place of before nobody may have been told. */
  #placedAt = -1;
  #joinedAt = -Infinity;
  /** How often turns could not be heard. */
  #deaf = 0;
  /** Whose place in the queue it is, from when there is one. */
  #ear: string | undefined;
  /** Of the caller and of the closing; made when there is something to wait for. */
  #leaving: LinkedSignal | undefined;

  constructor(options: AcquiringOptions, wanted: Wanted) {
    this.#options = options;
    this.#wanted = wanted;
    this.#begun = options.clock.monotonic();
  }

  async take(): Promise<Taken> {
    const { turns } = this.#options;
    const { token } = this.#wanted;
    try {
      this.#requireWanted();
      // Nearly always that is all.
      const taken = (await this.#ask()) ?? (await this.#untilTaken());
      if (this.#queued) turns.taken(token);
      return taken;
    } catch (error) {
      this.#takeBack();
      throw error;
    } finally {
      if (this.#alarm !== undefined) turns.forget(token);
      this.#leaving?.dispose();
    }
  }

  async #untilTaken(): Promise<Taken> {
    const { clock, stats } = this.#options;
    const { key, until, latest } = this.#wanted;
    for (;;) {
      const now = clock.monotonic();
      const left = until - now;
      // A single lost reply is no reason to fail: what was asked is asked once more.
      if (now >= latest || (left <= 0 && this.#failures !== 1)) break;
      await this.#pause(left);
      this.#requireWanted();
      const taken = await this.#ask();
      if (taken !== undefined) return taken;
    }
    if (this.#failure !== undefined) throw this.#failure;
    stats.contended += 1;
    const waitedMs = Math.round(clock.monotonic() - this.#begun);
    if (lockSignal.active) lockSignal.emit({ type: 'contended', key, waitedMs });
    const evidence = { heldForMs: Math.ceil(this.#heldForMs), store: this.#options.store.name };
    throw new LockContended(key, waitedMs, { evidence });
  }

  #requireWanted(): void {
    throwIfAborted(this.#options.closing);
    throwIfAborted(this.#wanted.signal);
  }

  /** Of whoever waits; undefined: nothing is waited for. */
  #expect(): Alarm | undefined {
    const { until, token } = this.#wanted;
    if (until > this.#begun) this.#alarm ??= this.#options.turns.expect(token);
    return this.#alarm;
  }

  /** Undefined: it is held by somebody else, or the store did not answer. */
  async #ask(): Promise<Taken | undefined> {
    const { clock, turns, calls } = this.#options;
    const { key, token, leaseMs, until, latest, signal } = this.#wanted;
    // Whoever never had to wait for this key does not listen for its turns, so that taking a free lock costs one call.
    const mayQueue = until > this.#begun && (turns.hears(key) || this.#deaf >= deafAfter);
    const askedAt = momentOf(clock);
    const request: LockRequest = { key, token, leaseMs, queue: mayQueue ? this.#place() : undefined };
    let reply: LockReply;
    try {
      const limits = { limitMs: Math.max(latest - askedAt.monotonic, 1), signal, untilClosed: true };
      if (mayQueue) {
        this.#expect();
        this.#queued = true;
        this.#placedAt = turns.losses;
      }
      reply = await calls.call('acquire a lock', key, (store, call) => store.acquire(request, call), limits);
    } catch (error) {
      this.#doubtful = true;
      if (!isParleyError(error, 'STORE_UNAVAILABLE')) throw error;
      this.#failures += 1;
      this.#failure = error;
      return undefined;
    }
    this.#failures = 0;
    this.#failure = undefined;
    if (reply.state === 'held') {
      this.#alike = reply.forMs === this.#heldForMs ? this.#alike + 1 : 0;
      this.#heldForMs = Math.max(1, reply.forMs);
      return undefined;
    }
    const waitedMs = clock.monotonic() - this.#begun;
    if (sinceMs(clock, askedAt) < confirmedFor(leaseMs))
      return {
        fence: reply.fence,
        askedAt,
        waitedMs,
        waited: this.#heldForMs > 0,
        doubtful: this.#doubtful,
      };
    // It may be over already.
    this.#doubtful = true;
    this.#failures += 1;
    this.#failure = tooLate(key, leaseMs);
    return undefined;
  }

  #place(): LockRequest['queue'] {
    const { turns, pollMs, storeMs } = this.#options;
    // Who cannot be told, and asks now and then, would never have it where somebody always waits.
    this.#ear ??= turns.hears(this.#wanted.key) ? turns.ear : `-${Math.ceil(pollMs * 1.25) + untoldMs}`;
    return this.#ear === undefined ? undefined : { ear: this.#ear, keepMs: pollMs * 3 + storeMs };
  }

  async #pause(left: number): Promise<void> {
    const { clock, random, pollMs, stats } = this.#options;
    const alarm = this.#expect();
    const signal = this.#untilLeft();
    if (this.#failures > 0 || alarm === undefined) {
      await clock.sleep(this.#options.backoff(Math.max(1, this.#failures)), { signal });
      return;
    }
    if (await this.#joins(left)) return;
    const poll = pollMs * (0.75 + random() / 2);
    // Of those who wait for the same lease to end, each a little later than it does.
    const ends = this.#endsInMs() + random() * 20;
    const rest = this.#wanted.until - clock.monotonic();
    const rung = await alarm.wait(Math.max(0, Math.min(poll, ends, rest)), clock, signal);
    if (rung) {
      this.#alike = 0;
      stats.turns += 1;
    } else stats.polls += 1;
  }

  /** Of what is held for nobody knows how long, such as by a transaction, all who wait would ask and ask. */
  #endsInMs(): number {
    const held = this.#heldForMs;
    return Math.max(held, Math.min(slowestMs, held * 2 ** this.#alike));
  }

  /** Whether turns of the key are heard only from now on: then it is asked again, to stand in the queue, or for a turn that was missed. */
  async #joins(left: number): Promise<boolean> {
    const { turns, clock, pollMs } = this.#options;
    const { key } = this.#wanted;
    const now = clock.monotonic();
    if (this.#deaf >= deafAfter) return false;
    // Where they are lost over and over it is asked no more often than by those who hear nothing.
    // Somebody else of this process listened meanwhile, and has got in line.
    if (turns.hears(key) && this.#placedAt !== turns.losses) return true;
    if (turns.hears(key) || now - this.#joinedAt < pollMs / 2) return false;
    this.#joinedAt = now;
    const joined = await turns.join(key, left, this.#untilLeft());
    if (joined === 'deaf') this.#deaf += 1;
    return joined === 'heard' || this.#deaf >= deafAfter;
  }

  #untilLeft(): AbortSignal {
    this.#leaving ??= anySignal([this.#options.closing, this.#wanted.signal]);
    return this.#leaving.signal;
  }

  /** Of what the store may hold under the token nothing must stay: not the lock, not a turn, not a place. */
  #takeBack(): void {
    if (!this.#queued && !this.#doubtful) return;
    const { calls, turns, pollMs, storeMs } = this.#options;
    const { key, token, leaseMs } = this.#wanted;
    const forMs = Math.max(leaseMs, pollMs * 3 + storeMs);
    calls.letGo({ key, token, ear: this.#ear ?? turns.ear }, forMs, this.#doubtful);
  }
}

function tooLate(key: string, leaseMs: number): StoreUnavailable {
  return new StoreUnavailable(`The lock "${key}" was granted too late: its lease may be over`, {
    evidence: { key, leaseMs },
  });
}
