export interface ForgetfulOptions<Value> {
  readonly max: number;
  readonly isOver: (value: Value, now: number) => boolean;
  /** Whether another one should go for it: asked about the oldest when there are too many, which is then the newest. @default none is */
  readonly isSpared?: ((value: Value) => boolean) | undefined;
}

/** How many are looked at for one that may go. */
const mostLooks = 32;

/**
 * A map that forgets what is over without a timer and without ever stopping for it: whoever adds an entry looks at two others. So at most as
 * many are over as are not, and there is a bound besides, beyond which the oldest ones go that are not spared.
 */
export class Forgetful<Value> {
  readonly #entries = new Map<string, Value>();
  readonly #options: ForgetfulOptions<Value>;
  #round: IterableIterator<[string, Value]>;
  #pushedOut = 0;

  constructor(options: ForgetfulOptions<Value>) {
    this.#options = options;
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
    const { max, isOver } = this.#options;
    for (let looks = 0; looks < 2; looks++) {
      const next = this.#round.next();
      if (next.done === true) this.#round = this.#entries.entries();
      else if (isOver(next.value[1], now)) this.#entries.delete(next.value[0]);
    }
    if (this.#entries.size > max) this.#pushOut(now);
  }

  #pushOut(now: number): void {
    const { isOver, isSpared } = this.#options;
    let looks = 0;
    for (const [key, value] of this.#entries) {
      looks += 1;
      this.#entries.delete(key);
      if (isOver(value, now)) return;
      if (looks === mostLooks || isSpared?.(value) !== true) {
        this.#pushedOut += 1;
        return;
      }
      this.#entries.set(key, value);
    }
  }
}
