import { DeadlineExceeded, type Clock } from '@parley/cache-core/kernel';

interface Closer {
  readonly what: string;
  readonly close: () => Promise<unknown>;
}

/** What was opened, to be closed in the opposite order. */
export class Closers {
  readonly #clock: Clock;
  readonly #closers: Closer[] = [];
  #closing: Promise<void> | undefined;

  constructor(clock: Clock) {
    this.#clock = clock;
  }

  get closed(): boolean {
    return this.#closing !== undefined;
  }

  add(what: string, close: () => Promise<unknown>): void {
    this.#closers.push({ what, close });
  }

  /**
   * Closes everything, once. What fails or hangs keeps nothing else from being closed; when all had their chance it rejects with the first
   * failure.
   */
  close(limitMs: number): Promise<void> {
    this.#closing ??= this.#closeAll(limitMs);
    return this.#closing;
  }

  async #closeAll(limitMs: number): Promise<void> {
    const { promise: expired, resolve: expire } = Promise.withResolvers<'expired'>();
    const timer = this.#clock.timer(limitMs, () => expire('expired'));
    const failures: unknown[] = [];
    for (const { what, close } of this.#closers.toReversed()) {
      // Begun in any case: what comes after something that hangs must not stay open for that.
      const closing = Promise.resolve()
        .then(close)
        .catch((error: unknown) => void failures.push(error));
      const outcome = await Promise.race([closing, expired]);
      if (outcome === 'expired') failures.push(new DeadlineExceeded(`closing ${what}`, limitMs));
    }
    timer.cancel();
    if (failures.length > 0) throw failures[0];
  }
}
