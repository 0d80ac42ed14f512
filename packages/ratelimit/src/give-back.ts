import type { Clock } from '@parley/cache-core/kernel';
import type { Lines } from './lines.ts';
import type { Hold } from './store.ts';

export interface GiveBackOptions {
  readonly clock: Clock;
  readonly lines: Lines;
  /** How long is waited between tries. */
  readonly coolDownMs: number;
}

/** How many calls are looked after at once; the slots of what is beyond come back with their lease. */
const most = 10_000;

/** Gives slots back that the store may have given to nobody: its answer came too late, or to a caller who had left. */
export class GiveBack {
  readonly #options: GiveBackOptions;
  #pending = 0;

  constructor(options: GiveBackOptions) {
    this.#options = options;
  }

  later(holds: readonly Hold[]): void {
    if (holds.length === 0 || this.#pending >= most) return;
    this.#pending += 1;
    const until = this.#options.clock.monotonic() + Math.max(...holds.map(({ rule }) => rule.periodMs));
    void this.#tryUntil(holds, until).finally(() => {
      this.#pending -= 1;
    });
  }

  async #tryUntil(holds: readonly Hold[], until: number): Promise<void> {
    const { clock, coolDownMs } = this.#options;
    // What was not there may be on its way still, and is looked for once more.
    const tries = new Map(holds.map((hold) => [hold, 2]));
    while (tries.size > 0 && clock.monotonic() < until) {
      await Promise.all(
        Array.from(tries, async ([hold, count]) => {
          const held = await this.#release(hold);
          if (held === true || (held === false && count === 1)) tries.delete(hold);
          else if (held === false) tries.set(hold, count - 1);
        }),
      );
      if (tries.size > 0) await clock.sleep(coolDownMs, { unref: true });
    }
  }

  /** Whether it was held; undefined: the store did not say. */
  async #release(hold: Hold): Promise<boolean | undefined> {
    try {
      // It goes on when the limiter is closed: nobody else gives these back.
      const { signal } = new AbortController();
      const [released] = await this.#options.lines.call(
        'a release of slots',
        [hold],
        (store, linked) => store.release([hold], { signal: linked }),
        signal,
      );
      return released?.held === true;
    } catch {
      return undefined;
    }
  }
}
