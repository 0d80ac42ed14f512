import { abortable } from '../kernel/abort.ts';
import type { Clock } from '../kernel/clock.ts';

/** A wait that somebody may end. It rings also when it rang before anybody waited. */
export class Alarm {
  #rung = false;
  #end: (() => void) | undefined;

  ring(): void {
    this.#rung = true;
    this.#end?.();
  }

  /** Whether it rang, or else the time is over. */
  async wait(ms: number, clock: Clock, signal: AbortSignal | undefined): Promise<boolean> {
    if (!this.#rung) {
      const { promise, resolve } = Promise.withResolvers<void>();
      this.#end = resolve;
      const timer = clock.timer(ms, resolve);
      try {
        await abortable(promise, signal);
      } finally {
        timer.cancel();
        this.#end = undefined;
      }
    }
    const rung = this.#rung;
    this.#rung = false;
    return rung;
  }
}
