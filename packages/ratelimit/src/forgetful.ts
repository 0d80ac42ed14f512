/**
 * A map that forgets what is over without a timer and without ever stopping for it: whoever adds an entry looks at two others. So at most as
 * many are over as are not, and there is a bound besides, beyond which the oldest ones go.
 */
export class Forgetful<Value> {
  readonly #entries = new Map<string, Value>();
  readonly #max: number;
  readonly #isOver: (value: Value, now: number) => boolean;
  #round: IterableIterator<[string, Value]>;
  #pushedOut = 0;

  constructor(max: number, isOver: (value: Value, now: number) => boolean) {
    this.#max = max;
    this.#isOver = isOver;
    this.#round = this.#entries.entries();
  }

  get size(): number {
    return this.#entries.size;
  }

  /** How many were forgotten that were not over. */
  get pushedOut(): number {
    return this.#pushedOut;
  }

  get(key: string): Value | undefined {
    return this.#entries.get(key);
  }

  set(key: string, value: Value, now: number): void {
    const { size } = this.#entries;
    this.#entries.set(key, value);
    if (this.#entries.size > size) this.#makeRoom(now);
  }

  delete(key: string): void {
    this.#entries.delete(key);
  }

  #makeRoom(now: number): void {
    for (let looks = 0; looks < 2; looks++) {
      const next = this.#round.next();
      if (next.done === true) this.#round = this.#entries.entries();
      else if (this.#isOver(next.value[1], now)) this.#entries.delete(next.value[0]);
    }
    if (this.#entries.size <= this.#max) return;
    const [oldest] = this.#entries.keys();
    if (oldest === undefined) return;
    this.#entries.delete(oldest);
    this.#pushedOut += 1;
  }
}
