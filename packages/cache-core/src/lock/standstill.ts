import type { Clock } from '../kernel/clock.ts';
import { momentOf } from './lease.ts';
import type { Moment } from './lease.ts';

export interface StandstillOptions {
  readonly clock: Clock;
  /** Called when it is over. */
  readonly passed: () => void;
  /** Whether anybody is still interested. */
  readonly wanted: () => boolean;
}

const everyMs = 1_000;
/** A clock that is being corrected runs a little faster for a while. */
const slackMs = 100;

/**
 * Notices that the machine stood still: its timers did as well, and go on as if nothing had been. It is asked to watch by whoever takes a lock,
 * and ends by itself, so that a lock that is held for a moment costs no timer more.
 */
export class Standstill {
  readonly #options: StandstillOptions;
  #watching = false;

  constructor(options: StandstillOptions) {
    this.#options = options;
  }

  watch(): void {
    if (this.#watching) return;
    this.#watching = true;
    const { clock } = this.#options;
    const last = momentOf(clock);
    clock.timer(everyMs, () => this.#tick(last), { unref: true });
  }

  #tick(last: Moment): void {
    const { clock, passed, wanted } = this.#options;
    const { monotonic, wall } = momentOf(clock);
    this.#watching = false;
    if (wall - last.wall > monotonic - last.monotonic + slackMs) passed();
    if (wanted()) this.watch();
  }
}
