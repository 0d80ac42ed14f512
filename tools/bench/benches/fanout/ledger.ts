/** What went wrong with what one receiver was given in one run. */
export interface LedgerTotals {
  readonly delivered: number;
  readonly lost: number;

  /** Came again, or belong to a run that was over. */
  readonly doubled: number;

  /** Came after a later one of the same sender. */
  readonly disordered: number;

  /** The same for two receivers only when they were shown the same messages in the same order. */
  readonly order: number;
}

/** One receiver's account of one run: every message has to come once, and those of one sender in their order. */
export class Ledger {
  readonly #seen: Uint8Array;
  readonly #lastOf: Int32Array;
  #delivered = 0;
  #doubled = 0;
  #disordered = 0;
  #order = 0;

  /** @param senders who take turns: the message with the number n is of the sender n modulo this */
  constructor(messages: number, senders: number) {
    this.#seen = new Uint8Array(messages);
    this.#lastOf = new Int32Array(senders).fill(-1);
  }

  get complete(): boolean {
    return this.#delivered === this.#seen.length;
  }

  /** False: it came before. */
  take(number: number): boolean {
    if (this.#seen[number] !== 0) {
      this.#doubled += 1;
      return false;
    }
    this.#seen[number] = 1;
    this.#delivered += 1;
    this.#order = (Math.imul(this.#order, 31) + number + 1) | 0;
    const sender = number % this.#lastOf.length;
    if (number < (this.#lastOf[sender] ?? -1)) this.#disordered += 1;
    else this.#lastOf[sender] = number;
    return true;
  }

  /** Came of a run that is over. */
  stray(): void {
    this.#doubled += 1;
  }

  totals(): LedgerTotals {
    return {
      delivered: this.#delivered,
      lost: this.#seen.length - this.#delivered,
      doubled: this.#doubled,
      disordered: this.#disordered,
      order: this.#order,
    };
  }
}
