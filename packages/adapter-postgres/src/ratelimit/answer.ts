import { StoreFault } from '@parley/cache-core/kernel';
import type { Held, Peeked, Standing, Taken } from '@parley/ratelimit';
import type { TextRow } from '../database.ts';
import { text } from '../rows.ts';

/** Reads what the statement answered, which is one list of whole numbers: a row for each charge would take longer to write and to read. */
export class Answer {
  readonly #numbers: readonly number[];
  #read = 1;

  constructor([row = []]: readonly TextRow[]) {
    this.#numbers = text(row, 0).slice(1, -1).split(',').map(Number);
  }

  /** When it was carried out. */
  get at(): number {
    return this.#number(0);
  }

  /** The next request, and its charges. */
  taken(charges: number): Taken {
    const [ok, replayed] = [this.#next() === 1, this.#next() === 1];
    return { ok, replayed, at: this.at, standings: Array.from({ length: charges }, () => this.#standing()) };
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
    return { held: this.#next() === 1, at: this.at };
  }

  #standing(): Standing {
    return {
      ok: this.#next() === 1,
      remaining: this.#next(),
      retryAfterMs: this.#next(),
      resetMs: this.#next(),
      blockedMs: this.#next(),
    };
  }

  #next(): number {
    return this.#number(this.#read++);
  }

  #number(place: number): number {
    const number = this.#numbers[place];
    if (number !== undefined && Number.isSafeInteger(number)) return number;
    throw new StoreFault('Postgres: an answer about limits does not fit the question');
  }
}
