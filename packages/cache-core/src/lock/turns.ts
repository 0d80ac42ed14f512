import type { Clock } from '../kernel/clock.ts';
import { withDeadline } from '../kernel/deadline.ts';
import { isParleyError, StoreUnavailable } from '../kernel/errors.ts';
import { Alarm } from './alarm.ts';
import { lockSignal } from './events.ts';
import type { LockEar, LockStore } from './lock-store.ts';
import type { LockStats } from './stats.ts';
import type { StoreCalls } from './store-calls.ts';

export interface TurnsOptions {
  readonly store: LockStore;
  readonly clock: Clock;
  readonly calls: StoreCalls;
  readonly stats: LockStats;
  /** How long it may take until turns are heard. */
  readonly joinMs: number;
  /** A turn that nobody takes is given back at once, for as long as it may be kept for us. */
  readonly keepMs: number;
}

/** Whose turn it is, among all who wait in this process. */
export class Turns {
  readonly #options: TurnsOptions;
  readonly #waiting = new Map<string, Alarm>();
  /** Had by then, though the word of their turn may still be on its way: it comes by another connection than the answer. */
  readonly #taken = new Set<string>();
  #ear: LockEar | undefined;
  #losses = 0;

  constructor(options: TurnsOptions) {
    this.#options = options;
  }

  get waiting(): number {
    return this.#waiting.size;
  }

  /** How often turns may not have been heard. */
  get losses(): number {
    return this.#losses;
  }

  /** The name under which turns are heard; undefined: nobody has had to wait yet. */
  get ear(): string | undefined {
    return this.#ear?.id;
  }

  expect(token: string): Alarm {
    const alarm = new Alarm();
    this.#waiting.set(token, alarm);
    return alarm;
  }

  forget(token: string): void {
    this.#waiting.delete(token);
  }

  /** It has the lock, until it is `over`. */
  taken(token: string): void {
    this.#taken.add(token);
  }

  over(token: string): void {
    this.#taken.delete(token);
  }

  /** Whether turns of the key are heard now. */
  hears(key: string): boolean {
    return this.#ear?.hears(key) === true;
  }

  /**
   * Whether turns of the key are heard from now on. If not, whoever waits has to ask now and then; who has left meanwhile, or had no time left, does not
   * know whether they could have been heard.
   */
  async join(
    key: string,
    limitMs: number,
    signal: AbortSignal | undefined,
  ): Promise<'heard' | 'deaf' | 'left'> {
    const { clock, joinMs } = this.#options;
    const ear = (this.#ear ??= this.#listen());
    if (ear.hears(key)) return 'heard';
    try {
      const options = { clock, what: 'listening for turns', signal };
      await withDeadline(Math.min(joinMs, limitMs), (signal) => ear.join(key, { signal }), options);
      return 'heard';
    } catch (error) {
      if (signal?.aborted === true || (limitMs < joinMs && isParleyError(error, 'DEADLINE_EXCEEDED')))
        return 'left';
      this.#deaf(error);
      return 'deaf';
    }
  }

  async close(): Promise<void> {
    await this.#ear?.close();
  }

  #deaf(error: unknown): void {
    this.#options.stats.deaf += 1;
    if (lockSignal.active) lockSignal.emit({ type: 'deaf', error });
  }

  #listen(): LockEar {
    const { store, calls, keepMs } = this.#options;
    return store.listen({
      turn: (key, token) => {
        const alarm = this.#waiting.get(token);
        if (this.#taken.has(token)) return;
        // Whoever it was has left, and the word of that was lost or is still on its way.
        if (alarm === undefined) calls.letGo({ key, token, ear: this.ear }, keepMs);
        else alarm.ring();
      },
      lost: (reason) => {
        this.#losses += 1;
        this.#deaf(new StoreUnavailable(`Turns of locks were not heard: ${reason}`));
        // A turn may have been told meanwhile.
        for (const alarm of this.#waiting.values()) alarm.ring();
      },
    });
  }
}
