import type { Clock, Logger, Timer } from '@parley/cache-core/kernel';

export interface ChoreOptions {
  /** For the log. */
  readonly what: string;
  readonly work: () => Promise<unknown>;
  readonly everyMs: number;
  readonly clock: Clock;
  readonly logger: Logger;
}

/** Does something again and again, and one at a time, until it is closed. What fails is tried again: of many failures in a row one is told. */
export class Chore {
  readonly #options: ChoreOptions;
  #timer: Timer | undefined;
  #running: Promise<void> | undefined;
  #failed = false;
  #closed = false;

  constructor(options: ChoreOptions) {
    this.#options = options;
    this.#later();
  }

  /** Ends with the run that is under way. */
  async close(): Promise<void> {
    this.#closed = true;
    this.#timer?.cancel();
    await this.#running;
  }

  #later(): void {
    if (this.#closed) return;
    const { clock, everyMs } = this.#options;
    const run = (): void => void (this.#running = this.#run().then(() => this.#later()));
    this.#timer = clock.timer(everyMs, run, { unref: true });
  }

  async #run(): Promise<void> {
    const { work, logger, what } = this.#options;
    try {
      await work();
      this.#failed = false;
    } catch (error) {
      if (!this.#failed && !this.#closed) logger.warn({ error }, `${what} failed, and is tried again`);
      this.#failed = true;
    }
  }
}
