import { isParleyError } from '@parley/cache-core/kernel';
import { backgroundFailures } from '../background.ts';
import { Tables } from '../tables.ts';

/** How many rows may have come, gone or changed before an embedded database is cleaned up: nobody else does it. */
const vacuumRows = 5_000;

/** The table of sessions. */
export class SessionTables extends Tables {
  #written = 0;

  /** To be told of what is written. What was done is done, so nobody waits for what follows from it. */
  wrote(rows: number): void {
    if (this.db.kind !== 'pglite') return;
    this.#written += rows;
    if (this.#written < vacuumRows) return;
    this.#written = 0;
    this.#vacuum().catch((error: unknown) => {
      // Whoever closed the database wants no more of it.
      if (!isParleyError(error, 'CLOSED')) backgroundFailures.emit({ work: 'vacuum', error });
    });
  }

  async #vacuum(): Promise<void> {
    const session = await this.db.acquire();
    try {
      await session.script(`vacuum ${this.schema}.sessions`, { operation: 'vacuum' });
    } finally {
      session.release();
    }
  }
}
