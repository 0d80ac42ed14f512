import { StoreFault } from '@parley/cache-core/kernel';
import type { Held, Peeked, Standing, Taken } from '@parley/ratelimit';
import type { TextRow } from '../database.ts';
import { count, text } from '../rows.ts';

/** Reads what a statement answered: a moment, and one list of whole numbers, since rows would take longer to write and to read. */
export class Answer {
  /** When it was carried out. */
  readonly at: number;
  readonly #numbers: readonly string[];
  #read = 0;

  constructor([row = []]: readonly TextRow[]) {
    this.at = count(row, 0);
    this.#numbers = text(row, 1).replaceAll(/[{}]/g, '').split(',');
  }

  /** The next request. */
  taken(charges: number): Taken {
    let [ok, replayed] = [true, false];
    const standings = Array.from({ length: charges }, () => {
      [ok, replayed] = [this.#flag(), this.#flag()];
      return this.#standing();
    });
    return { ok, replayed, at: this.at, standings };
  }

  /** The only charge of the next request. */
  peeked(): Peeked {
    this.#read += 2;
    return { ...this.#standing(), at: this.at };
  }

  /** How things stand after a change, which is told as the request before. */
  changed(): Peeked {
    this.peeked();
    return this.peeked();
  }

  held(): Held {
    return { held: this.#flag(), at: this.at };
  }

  #standing(): Standing {
    return {
      ok: this.#flag(),
      remaining: this.#next(),
      retryAfterMs: this.#next(),
      resetMs: this.#next(),
      blockedMs: this.#next(),
    };
  }

  #flag(): boolean {
    return this.#next() === 1;
  }

  #next(): number {
    const number = Number(this.#numbers[this.#read++]);
    if (Number.isSafeInteger(number)) return number;
    throw new StoreFault('Postgres: an answer about limits does not fit the question');
  }
}
