import type { Locks } from '@parley/cache-core/lock';
import { readCount, type ApplicationTables } from '@parley/runtime';
import { isFull, sealBatch } from './seal-batch.ts';

export interface SealerOptions {
  readonly tables: ApplicationTables;
  readonly locks: Pick<Locks, 'tryAcquire'>;
}

/** Lays the chain over what was added to the audit log. */
export class Sealer {
  readonly #options: SealerOptions;
  #behindMs = 0;

  constructor(options: SealerOptions) {
    this.#options = options;
  }

  /** How long an entry waited for its seal when this node looked last. */
  get behindMs(): number {
    return this.#behindMs;
  }

  /** Seals what waits, unless another node is at it. Answers how many entries it sealed. */
  async seal(): Promise<number> {
    const { tables, locks } = this.#options;
    const { rows } = await tables.db.query(tables.statement('audit_unsealed_age'), []);
    this.#behindMs = rows.map((row) => readCount(row, 0))[0] ?? 0;
    if (rows.length === 0) return 0;
    const lock = await locks.tryAcquire('hub:audit:seal', { lease: '5s' });
    if (lock === undefined) return 0;
    try {
      let sealed = 0;
      for (let more = true; more;) {
        const batch = await sealBatch(tables, lock.signal);
        sealed += batch;
        more = isFull(batch);
      }
      return sealed;
    } finally {
      await lock.release();
    }
  }
}
