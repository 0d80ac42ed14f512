/** How often something went wrong with what a receiver was given. */
export interface BookTotals {
  readonly delivered: number;
  /** Numbers that never came, up to where the log is known to reach. */
  readonly lost: number;
  /** Came again. */
  readonly doubled: number;
  /** Came after a later one. */
  readonly disordered: number;
  /** Passed over by a `resync`, of which the receiver was told. */
  readonly told: number;
}

interface Hole {
  from: number;
  to: number;
}

/**
 * What one receiver was given of the log of one channel. The log has no holes, so that every number has to come once, right behind the one
 * before it.
 */
export class Book {
  #last: number;
  #delivered = 0;
  #doubled = 0;
  #disordered = 0;
  #told = 0;
  readonly #holes: Hole[] = [];

  /** @param start the number behind which it listens */
  constructor(start: number) {
    this.#last = start;
  }

  /** The latest that it was given. */
  get last(): number {
    return this.#last;
  }

  /** An event came. True: it is new, and in its place. */
  take(seq: number): boolean {
    if (seq === this.#last + 1) {
      this.#last = seq;
      this.#delivered += 1;
      return true;
    }
    if (seq > this.#last) {
      this.#holes.push({ from: this.#last + 1, to: seq - 1 });
      this.#last = seq;
      this.#delivered += 1;
      return true;
    }
    if (this.#fill(seq)) {
      this.#disordered += 1;
      this.#delivered += 1;
    } else this.#doubled += 1;
    return false;
  }

  /** The hub has said that it goes on behind this number. */
  resync(seq: number): void {
    this.#told += Math.max(0, seq - this.#last);
    this.#last = seq;
  }

  /** @param head the last number that the log is known to have */
  totals(head: number): BookTotals {
    const holes = this.#holes.reduce((sum, { from, to }) => sum + to - from + 1, 0);
    return {
      delivered: this.#delivered,
      lost: holes + Math.max(0, head - this.#last),
      doubled: this.#doubled,
      disordered: this.#disordered,
      told: this.#told,
    };
  }

  #fill(seq: number): boolean {
    const at = this.#holes.findIndex(({ from, to }) => seq >= from && seq <= to);
    const hole = this.#holes[at];
    if (hole === undefined) return false;
    const parts = [
      { from: hole.from, to: seq - 1 },
      { from: seq + 1, to: hole.to },
    ];
    this.#holes.splice(at, 1, ...parts.filter(({ from, to }) => from <= to));
    return true;
  }
}
