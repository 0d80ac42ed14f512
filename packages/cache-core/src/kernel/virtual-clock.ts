import { sleepOn, timerLength } from './clock.ts';
import type { Clock, SleepOptions, Timer, TimerOptions } from './clock.ts';
import { InvalidArgument } from './errors.ts';

export interface VirtualClockOptions {
  /**
   * The first answer of `now()`, in milliseconds since 1970. `monotonic()` always begins at 0.
   *
   * @default 1_577_836_800_000 (2020-01-01T00:00:00Z)
   */
  start?: number;
}

/**
 * A clock that stands still until a test moves it.
 *
 * Timers fire in the order of their due time, and those of the same instant in the order in which they were set. Before the
 * first timer and after each, everything that needs no time has run to its end: promise chains of any depth, `nextTick`,
 * and one turn of the event loop.
 */
export interface VirtualClock extends Clock {
  /** How many timers wait. */
  readonly pending: number;

  /** Moves the time by `ms` and fires what falls due on the way. What a timer throws comes out here. */
  advance(ms: number): Promise<void>;

  /** Moves the time until `now()` answers `epochMs`. */
  advanceTo(epochMs: number): Promise<void>;

  /**
   * Fires timers until none is left that would keep a process alive (those set with `unref` may stay).
   *
   * @param options.limit how many timers may fire before the call gives up with an error: a periodic one never ends. Default 10,000.
   */
  runAll(options?: { limit?: number }): Promise<void>;

  /** Lets everything run that needs no time, without moving it. */
  settle(): Promise<void>;

  /** Sets `now()` forward or back, as an operator or NTP would: no timer fires, `monotonic()` does not notice. */
  shiftWall(ms: number): void;
}

export function virtualClock(options: VirtualClockOptions = {}): VirtualClock {
  return new ManualClock(options.start ?? 1_577_836_800_000);
}

interface VirtualTimer extends Timer {
  readonly due: number;
  readonly fn: () => void;
  readonly unref: boolean;
}

class ManualClock implements VirtualClock {
  #wall: number;
  #elapsed = 0;
  #moving = false;

  /** Sorted by due time, then by insertion. */
  readonly #timers: VirtualTimer[] = [];

  constructor(start: number) {
    this.#wall = start;
  }

  get pending(): number {
    return this.#timers.length;
  }

  now(): number {
    return this.#wall + this.#elapsed;
  }

  monotonic(): number {
    return this.#elapsed;
  }

  timer(ms: number, fn: () => void, options: TimerOptions = {}): Timer {
    const due = this.#elapsed + timerLength(ms);
    const timer: VirtualTimer = { due, fn, unref: options.unref ?? false, cancel: () => this.#remove(timer) };
    if (due === Infinity) return timer;
    const later = this.#timers.findLastIndex((other) => other.due <= due) + 1;
    this.#timers.splice(later, 0, timer);
    return timer;
  }

  sleep(ms: number, options?: SleepOptions): Promise<void> {
    return sleepOn(this, ms, options);
  }

  advance(ms: number): Promise<void> {
    if (!(ms >= 0 && ms < Infinity)) throw new InvalidArgument('ms', 'a finite number, not negative', ms);
    const target = this.#elapsed + ms;
    return this.#exclusively(async () => {
      await turn();
      let instant = 0;
      for (let next = this.#timers[0]; next !== undefined && next.due <= target; next = this.#timers[0]) {
        instant = next.due > this.#elapsed ? 0 : instant + 1;
        if (instant > 10_000)
          throw new Error('10,000 timers of the same instant: one sets itself anew with 0 ms');
        await this.#fire(next);
      }
      this.#elapsed = target;
    });
  }

  advanceTo(epochMs: number): Promise<void> {
    return this.advance(epochMs - this.now());
  }

  runAll({ limit = 10_000 }: { limit?: number } = {}): Promise<void> {
    return this.#exclusively(async () => {
      await turn();
      for (let fired = 0; this.#timers.some((timer) => !timer.unref); fired++) {
        if (fired === limit)
          throw new Error(`runAll gave up after ${limit} timers: is one of them periodic?`);
        const [next] = this.#timers;
        if (next !== undefined) await this.#fire(next);
      }
    });
  }

  settle(): Promise<void> {
    return turn();
  }

  shiftWall(ms: number): void {
    this.#wall += ms;
  }

  async #fire(timer: VirtualTimer): Promise<void> {
    this.#remove(timer);
    this.#elapsed = timer.due;
    timer.fn();
    await turn();
  }

  #remove(timer: VirtualTimer): void {
    const index = this.#timers.indexOf(timer);
    if (index >= 0) this.#timers.splice(index, 1);
  }

  async #exclusively(move: () => Promise<void>): Promise<void> {
    if (this.#moving)
      throw new Error('The virtual clock is already being moved: await the earlier call first');
    this.#moving = true;
    try {
      await move();
    } finally {
      this.#moving = false;
    }
  }
}

// Taken once: a test runner that fakes the timers later must not stop this clock.
const immediate = typeof setImmediate === 'function' ? setImmediate : undefined;

/** A macrotask, because no number of awaited promises drains a chain of unknown depth. */
function turn(): Promise<void> {
  return new Promise((resolve) => {
    if (immediate !== undefined) {
      immediate(resolve);
      return;
    }
    const { port1, port2 } = new MessageChannel();
    port1.addEventListener('message', () => {
      port1.close();
      resolve();
    });
    port1.start();
    port2.postMessage(undefined);
  });
}
