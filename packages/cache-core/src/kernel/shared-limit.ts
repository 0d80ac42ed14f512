import type { Clock, Timer } from './clock.ts';
import { append, unlink } from './linked.ts';
import type { Linked } from './linked.ts';

/** Something that must be over by a limit. */
export abstract class Limited implements Linked<Limited> {
  prev: Limited = this;
  next: Limited = this;
  dueAt = Infinity;

  /** Its limit has come. */
  abstract due(): void;
}

/**
 * One limit for many things, with one timer: who begins later is due later, so only the oldest has to be waited for. The timer is set when
 * the turn of the event loop is over, as most things end within it, and a timer costs more than they do.
 */
export class SharedLimit {
  readonly #clock: Clock;
  readonly #limitMs: number;
  #oldest: Limited | undefined;
  #timer: Timer | undefined;
  #scheduled = false;

  constructor(clock: Clock, limitMs: number) {
    this.#clock = clock;
    this.#limitMs = limitMs;
  }

  begin(one: Limited): void {
    if (this.#limitMs === Infinity) return;
    one.dueAt = this.#clock.monotonic() + this.#limitMs;
    if (this.#oldest === undefined) this.#oldest = one;
    else append(this.#oldest, one);
    if (this.#timer !== undefined || this.#scheduled) return;
    this.#scheduled = true;
    afterThisTurn(() => {
      this.#scheduled = false;
      this.#look();
    });
  }

  /** Must be called for each that began; harmless for one that was due. */
  end(one: Limited): void {
    if (one.dueAt === Infinity) return;
    one.dueAt = Infinity;
    const { next } = one;
    if (this.#oldest === one) this.#oldest = next === one ? undefined : next;
    unlink(one);
    // With others left the timer comes too early for the next one, which costs less than a new timer for each.
    if (this.#oldest === undefined) this.#disarm();
  }

  #look(): void {
    this.#disarm();
    const now = this.#clock.monotonic();
    for (let oldest = this.#oldest; oldest !== undefined; oldest = this.#oldest) {
      if (oldest.dueAt > now) {
        this.#timer = this.#clock.timer(oldest.dueAt - now, () => this.#look());
        return;
      }
      this.end(oldest);
      oldest.due();
    }
  }

  #disarm(): void {
    this.#timer?.cancel();
    this.#timer = undefined;
  }
}

const afterThisTurn: (fn: () => void) => void =
  typeof setImmediate === 'function' ? (fn) => void setImmediate(fn) : (fn) => void setTimeout(fn);
