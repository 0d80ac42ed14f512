/** Which message is which number of a channel, as those who receive it in one process were shown it. */
export class ChannelRecord {
  #numbers = new Int32Array(1_024).fill(-1);
  #length = 0;

  /** False: somebody else was shown something else in this place. */
  note(seq: number, number: number): boolean {
    if (seq >= this.#numbers.length) this.#grow(seq);
    const known = this.#numbers[seq] ?? -1;
    if (known !== -1) return known === number;
    this.#numbers[seq] = number;
    if (seq >= this.#length) this.#length = seq + 1;
    return true;
  }

  /** By place; -1: nobody was shown it here, 0: no message of this run. */
  numbers(): Int32Array {
    return this.#numbers.slice(0, this.#length);
  }

  #grow(seq: number): void {
    const larger = new Int32Array(Math.max(seq + 1, this.#numbers.length * 2)).fill(-1);
    larger.set(this.#numbers);
    this.#numbers = larger;
  }
}
