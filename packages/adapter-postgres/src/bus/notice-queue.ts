import type { Statement } from '../database.ts';
import { real } from '../rows.ts';
import type { BusTables } from './bus-tables.ts';

/** It fills slowly, and asking takes a lock that everybody who commits a notice needs. */
const everyMs = 10_000;

/** How full the server's queue of notices is, from 0 to 1, as of the last time that somebody asked. */
export class NoticeQueue {
  readonly #tables: BusTables;
  readonly #statement: Statement;
  #askedAt = -Infinity;
  #usage = 0;

  constructor(tables: BusTables) {
    this.#tables = tables;
    this.#statement = tables.statement('bus_notice_queue');
  }

  get usage(): number {
    return this.#usage;
  }

  /** Asks when it is time to. */
  async look(signal: AbortSignal): Promise<void> {
    const now = this.#tables.db.clock.monotonic();
    if (now - this.#askedAt < everyMs) return;
    this.#askedAt = now;
    const [row = []] = await this.#tables.query(this.#statement, [], { signal });
    this.#usage = real(row, 0);
  }
}
