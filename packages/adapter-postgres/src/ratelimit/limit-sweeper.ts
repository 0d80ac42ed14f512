import { isParleyError } from '@parley/cache-core/kernel';
import type { Timer } from '@parley/cache-core/kernel';
import { backgroundFailures } from '../background.ts';
import type { Statement } from '../database.ts';
import { count } from '../rows.ts';
import type { Tables } from '../tables.ts';

export interface LimitSweeperOptions {
  readonly everyMs: number;
  /** @default Math.random */
  readonly random?: () => number;
}

/** Pages of one look: two megabytes, a few milliseconds. */
const pages = 256;
/** Charges between two looks. If each was of somebody new, a look sees four times as many pages as they have filled. */
const chargesPerLook = 2_500;
/** Looks of one periodic round at each table. */
const maxLooks = 64;
/** After how many charges an embedded database is cleaned up: each leaves a dead row. */
const chargesPerVacuum = 20_000;

interface Place {
  readonly table: string;
  readonly statement: Statement;
  /** Where the next look begins. */
  page: number;
}

/**
 * Removes what has ended. No index says what has, since that would cost each charge more than it saves here; instead pages are looked through,
 * in proportion to what is charged, and now and then in any case. Nothing waits for it, and it waits for nothing.
 */
export class LimitSweeper {
  readonly #tables: Tables;
  readonly #options: LimitSweeperOptions;
  readonly #places: readonly Place[];
  #sinceLook = 0;
  #sinceVacuum = 0;
  #timer: Timer | undefined;
  #running: Promise<void> | undefined;
  #closed = false;

  constructor(tables: Tables, options: LimitSweeperOptions) {
    this.#tables = tables;
    this.#options = options;
    const rest = (table: string): Place => ({
      table,
      statement: tables.statement('limit_sweep_rest', { limit_tokens: table }),
      page: 0,
    });
    this.#places = [
      { table: 'limit_counts', statement: tables.statement('limit_sweep'), page: 0 },
      ...['limit_tokens', 'limit_guards', 'limit_slots'].map(rest),
    ];
  }

  /** To be told of charges that were made. */
  charged(charges: number): void {
    this.#sinceLook += charges;
    this.#sinceVacuum += charges;
    this.#timer ??= this.#schedule();
    if (this.#sinceLook < chargesPerLook || this.#running !== undefined) return;
    this.#sinceLook = 0;
    this.#start(1);
  }

  async close(): Promise<void> {
    this.#closed = true;
    this.#timer?.cancel();
    await this.#running;
  }

  #schedule(): Timer | undefined {
    if (this.#closed) return undefined;
    const { everyMs, random = Math.random } = this.#options;
    const wake = (): void => {
      if (this.#running === undefined) this.#start(maxLooks);
      this.#timer = this.#schedule();
    };
    // Spread out, so that processes that were started together do not come together.
    return this.#tables.db.clock.timer(everyMs * (0.5 + random()), wake, { unref: true });
  }

  #start(looks: number): void {
    if (this.#closed) return;
    this.#running = this.#sweep(looks)
      .catch((error: unknown) => {
        // Whoever closed the database wants no more of it.
        if (isParleyError(error, 'CLOSED')) void this.close();
        else backgroundFailures.emit({ work: 'sweep', error });
      })
      .finally(() => {
        this.#running = undefined;
      });
  }

  async #sweep(looks: number): Promise<void> {
    for (const place of this.#places) {
      for (let look = 0; look < looks && !this.#closed; look++) {
        const [row = []] = await this.#tables.query(place.statement, [place.page, pages]);
        place.page = place.page + pages < count(row, 0) ? place.page + pages : 0;
        if (place.page === 0) break;
      }
    }
    if (this.#sinceVacuum >= chargesPerVacuum) await this.#vacuum();
  }

  /** A server does this by itself. Embedded, nobody would, and the space of dead rows were never used again. */
  async #vacuum(): Promise<void> {
    this.#sinceVacuum = 0;
    const { db, schema } = this.#tables;
    if (db.kind !== 'pglite') return;
    const session = await db.acquire();
    try {
      for (const table of ['limit_entries', ...this.#places.map((place) => place.table)])
        await session.script(`vacuum ${schema}.${table}`, { operation: 'vacuum' });
    } finally {
      session.release();
    }
  }
}
