import type { Clock, Random, Timer } from '@parley/cache-core/kernel';

export interface AgainOptions<Thing> {
  readonly clock: Clock;
  readonly random: Random;
  readonly heartbeatMs: number;
  /** How many go together. */
  readonly atOnce: number;
  readonly set: (thing: Thing) => void;
}

const spreadMs = 500;

/** Registers again what the store may have lost. */
export class Again<Thing> {
  readonly #options: AgainOptions<Thing>;
  #timer: Timer | undefined;

  constructor(options: AgainOptions<Thing>) {
    this.#options = options;
  }

  /** There is something that was not registered again yet. */
  get pending(): boolean {
    return this.#timer !== undefined;
  }

  /**
   * Many processes notice the loss together, so each waits for a moment of its own, and a little between one part and the next.
   *
   * @param late what others may have by now who have not noticed the loss yet: they come first
   */
  begin(things: readonly Thing[], late: readonly Thing[]): void {
    const { heartbeatMs, random } = this.#options;
    const afterMs = random() * spreadMs;
    this.#go(things, afterMs, () => {
      if (late.length > 0) this.#go(late, heartbeatMs + spreadMs);
    });
  }

  close(): void {
    this.#timer?.cancel();
    this.#timer = undefined;
  }

  #go(things: readonly Thing[], afterMs: number, then?: () => void): void {
    const { clock, random, atOnce, set } = this.#options;
    const next = (): void => {
      this.#timer = undefined;
      for (const thing of things.slice(0, atOnce)) set(thing);
      const rest = things.slice(atOnce);
      if (rest.length > 0) this.#go(rest, random() * 50, then);
      else then?.();
    };
    this.#timer?.cancel();
    this.#timer = clock.timer(afterMs, next, { unref: true });
  }
}
