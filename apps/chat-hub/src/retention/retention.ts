import type { Clock, Logger } from '@parley/cache-core/kernel';
import type { Locks } from '@parley/cache-core/lock';
import { readCount, readText } from '@parley/runtime';
import type { ChatCore } from '../chat/core.ts';
import { forgetOld } from './forget-old.ts';

export interface RetentionOptions {
  readonly core: ChatCore;
  readonly locks: Pick<Locks, 'tryAcquire'>;
  readonly clock: Clock;
  readonly logger: Pick<Logger, 'info' | 'warn'>;
  /** Where nothing is said of a channel; 0: for ever. */
  readonly days: number;
}

interface Due {
  readonly channelId: string;
  readonly days: number;
}

/** Deletes messages that are older than they may be. */
export class Retention {
  readonly #options: RetentionOptions;

  constructor(options: RetentionOptions) {
    this.#options = options;
  }

  /** Deletes what is due, unless another node is at it. Answers how many messages that were. */
  async apply(): Promise<number> {
    const { locks } = this.#options;
    if ((await this.#due()).length === 0) return 0;
    const lock = await locks.tryAcquire('hub:retention');
    if (lock === undefined) return 0;
    try {
      let all = 0;
      for (const due of await this.#due()) all += await this.#applyTo(due, lock.signal);
      return all;
    } finally {
      await lock.release();
    }
  }

  async #applyTo({ channelId, days }: Due, held: AbortSignal): Promise<number> {
    const { core, logger } = this.#options;
    let deleted = 0;
    try {
      for (let more = true; more && !held.aborted;) {
        const { gone, isFull } = await forgetOld(core, channelId, days);
        deleted += gone;
        more = isFull;
      }
    } catch (error) {
      // What is wrong with one channel keeps nothing in the others.
      logger.warn({ error, channelId, days }, 'Messages could not be deleted by the rule of retention');
    }
    if (deleted > 0)
      logger.info({ channelId, days, deleted }, 'Messages were deleted by the rule of retention');
    return deleted;
  }

  async #due(): Promise<Due[]> {
    const { core, days, clock } = this.#options;
    const { tables } = core;
    const { rows } = await tables.db.query(tables.statement('retention_due'), [days, clock.now()]);
    return rows.map((row) => ({ channelId: readText(row, 0), days: readCount(row, 1) }));
  }
}
