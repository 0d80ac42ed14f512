import { isParleyError } from '@parley/cache-core/kernel';
import type { Timer } from '@parley/cache-core/kernel';
import { backgroundFailures } from '../background.ts';
import type { Statement } from '../database.ts';
import { count } from '../rows.ts';
import type { Tables } from '../tables.ts';

export interface SweeperOptions {
  readonly everyMs: number;
  /** Other tables in the place of those that the statements name. */
  readonly tables: Readonly<Record<string, string>>;
  /** @default Math.random */
  readonly random?: () => number;
}

/** Pages of one look: two megabytes, a few milliseconds. */
const pages = 256;
const maxRows = 10_000;
/** Pages written between two looks. Looking at four times as many keeps the share of expired rows at about a quarter. */
const writtenPages = pages / 4;
/** Looks of one round of the periodic kind. */
const maxLooks = 32;
/** A page is filled to half; larger values are kept elsewhere, with a small row that points to them. */
const usableBytes = 4_096;
const rowBytes = 120;
const inlineBytes = 2_000;
/** After how many removed rows, and bytes of large values replaced, an embedded database is cleaned up. */
const vacuumRows = 5_000;
const vacuumBytes = 64 * 1024 * 1024;

interface Look {
  /** Pages of the table. */
  readonly total: number;
  /** Where the look began. */
  readonly first: number;
}

/**
 * Removes what has expired. There is no index to find it by, since that would cost every write more than it saves here; instead, pages are
 * looked through, in proportion to what is written, and now and then in any case.
 */
export class Sweeper {
  readonly #tables: Tables;
  readonly #options: SweeperOptions;
  readonly #entries: Statement;
  readonly #guards: Statement;
  #written = 0;
  /** What a database that does not clean up by itself has been left with since the last time. */
  #removedRows = 0;
  #largeBytes = 0;
  #timer: Timer | undefined;
  #running: Promise<void> | undefined;
  #closed = false;

  constructor(tables: Tables, options: SweeperOptions) {
    this.#tables = tables;
    this.#options = options;
    this.#entries = tables.statement('cache_sweep', options.tables);
    this.#guards = tables.statement('cache_sweep_guards', options.tables);
  }

  /** To be told of everything that is written. */
  wrote(records: readonly { readonly bytes: Uint8Array }[]): void {
    for (const { bytes } of records) {
      this.#written += (rowBytes + Math.min(bytes.byteLength, inlineBytes)) / usableBytes;
      if (bytes.byteLength > inlineBytes) this.#largeBytes += bytes.byteLength;
    }
    this.#timer ??= this.#schedule();
    if (this.#written < writtenPages || this.#running !== undefined) return;
    this.#written = 0;
    this.#start(() => this.#lookAnywhere());
  }

  async close(): Promise<void> {
    this.#closed = true;
    this.#timer?.cancel();
    await this.#running;
  }

  #schedule(): Timer | undefined {
    if (this.#closed) return undefined;
    const { everyMs, random = Math.random } = this.#options;
    // Spread out, so that processes that were started together do not come together.
    return this.#tables.db.clock.timer(everyMs * (0.5 + random()), () => this.#wake(), { unref: true });
  }

  #wake(): void {
    if (this.#running === undefined) this.#start(() => this.#lookAround());
    this.#timer = this.#schedule();
  }

  #start(work: () => Promise<void>): void {
    if (this.#closed) return;
    this.#running = work()
      .then(() => this.#vacuum())
      .catch((error: unknown) => {
        // Whoever closed the database wants no more of it.
        if (isParleyError(error, 'CLOSED')) void this.close();
        else backgroundFailures.emit({ work: 'sweep', error });
      })
      .finally(() => {
        this.#running = undefined;
      });
  }

  async #lookAnywhere(): Promise<void> {
    await this.#look(this.#entries, null, false);
  }

  /** From a page anywhere, onwards and around, unless another process is at it. */
  async #lookAround(): Promise<void> {
    for (const statement of [this.#entries, this.#guards]) {
      let first: number | null = null;
      let seen = 0;
      for (let looks = 0; looks < maxLooks && !this.#closed; looks++) {
        const found = await this.#look(statement, first, true);
        if (found === undefined) break;
        const next = found.first + pages;
        seen += Math.min(next, found.total) - found.first;
        if (seen >= found.total) break;
        first = next < found.total ? next : 0;
      }
    }
  }

  async #look(statement: Statement, first: number | null, alone: boolean): Promise<Look | undefined> {
    const [row] = await this.#tables.query(statement, [first, pages, maxRows, alone]);
    if (row === undefined) return undefined;
    this.#removedRows += count(row, 2);
    return { total: count(row, 0), first: count(row, 1) };
  }

  /** A server does this by itself. Embedded, nobody would, and the space of dead rows were never used again. */
  async #vacuum(): Promise<void> {
    const { db, schema } = this.#tables;
    const { tables } = this.#options;
    if (db.kind !== 'pglite') return;
    if (this.#removedRows < vacuumRows && this.#largeBytes < vacuumBytes) return;
    this.#removedRows = 0;
    this.#largeBytes = 0;
    const session = await db.acquire();
    try {
      await session.script(`vacuum ${schema}.${tables['cache_entries'] ?? 'cache_entries'}`, {
        operation: 'vacuum',
      });
    } finally {
      session.release();
    }
  }
}
