import type { Clock, Logger, Timer } from '@parley/cache-core/kernel';
import { integerArray, uuidArray, type ApplicationTables } from '@parley/runtime';

/** How long it may take until it is seen that a token was used. */
const everyMs = 30_000;

/** When tokens were last used, written together and now and then: not once for each request. */
export class LastUsed {
  readonly #tables: ApplicationTables;
  readonly #clock: Clock;
  readonly #logger: Logger;
  #used = new Map<string, number>();
  #timer: Timer | undefined;

  constructor({ tables, clock, logger }: { tables: ApplicationTables; clock: Clock; logger: Logger }) {
    this.#tables = tables;
    this.#clock = clock;
    this.#logger = logger;
  }

  readonly note = (tokenId: string): void => {
    this.#used.set(tokenId, this.#clock.now());
    this.#timer ??= this.#clock.timer(everyMs, () => void this.flush(), { unref: true });
  };

  /** Never rejects: it is not worth more than a line in the log. */
  async flush(): Promise<void> {
    this.#timer?.cancel();
    this.#timer = undefined;
    const used = this.#used;
    if (used.size === 0) return;
    this.#used = new Map();
    try {
      await this.#tables.db.query(this.#tables.statement('token_used'), [
        uuidArray([...used.keys()]),
        integerArray([...used.values()]),
      ]);
    } catch (error) {
      this.#logger.warn({ error, tokens: used.size }, 'When tokens were last used could not be written');
    }
  }
}
