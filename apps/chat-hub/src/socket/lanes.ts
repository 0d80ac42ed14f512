export interface LanesOptions<Item> {
  /** Does what was gathered. */
  readonly together: (items: readonly Item[]) => Promise<void>;
  /** Something came to its end, and is not counted as waiting any more. */
  readonly onDone: () => void;
}

/**
 * Work of one socket: in order within a lane, and no lane waits for another. What is gathered and waits together is done together. Nothing of it
 * may reject.
 */
export class Lanes<Item> {
  readonly #options: LanesOptions<Item>;
  readonly #tails = new Map<string, Promise<void>>();
  /** What is last in its lane, has not begun, and takes more. */
  readonly #gathering = new Map<string, Item[]>();
  #waiting = 0;
  #idle: PromiseWithResolvers<void> | undefined;

  constructor(options: LanesOptions<Item>) {
    this.#options = options;
  }

  /** How much is waiting or at work. */
  get waiting(): number {
    return this.#waiting;
  }

  run(lane: string, work: () => Promise<void>): void {
    this.#gathering.delete(lane);
    this.#waiting += 1;
    this.#queue(lane, work, () => 1);
  }

  gather(lane: string, item: Item): void {
    this.#waiting += 1;
    const open = this.#gathering.get(lane);
    if (open !== undefined) return void open.push(item);
    const items = [item];
    this.#gathering.set(lane, items);
    const work = async (): Promise<void> => {
      // What comes in the same turn of the event loop comes along.
      await Promise.resolve();
      if (this.#gathering.get(lane) === items) this.#gathering.delete(lane);
      await this.#options.together(items);
    };
    this.#queue(lane, work, () => items.length);
  }

  /** Resolves when nothing waits or is at work. */
  async idle(): Promise<void> {
    if (this.#waiting === 0) return;
    this.#idle ??= Promise.withResolvers();
    await this.#idle.promise;
  }

  #queue(lane: string, work: () => Promise<void>, size: () => number): void {
    const before = this.#tails.get(lane);
    const tail = (before === undefined ? work() : before.then(work)).finally(() => {
      this.#waiting -= size();
      if (this.#tails.get(lane) === tail) this.#tails.delete(lane);
      if (this.#waiting === 0) this.#idle?.resolve();
      this.#options.onDone();
    });
    this.#tails.set(lane, tail);
  }
}
