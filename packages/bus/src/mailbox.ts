/** What may become of messages for which there is no room. */
export type Overflow = 'wait' | 'drop-oldest' | 'latest' | 'disconnect';

export interface MailboxOptions<Item> {
  /** Never throws; a promise keeps the next one waiting, and never rejects. */
  readonly handle: (item: Item) => Promise<void> | undefined;
  readonly capacity: number;
  readonly overflow: Overflow;
  readonly keyOf: (item: Item) => string | undefined;
  /** It had no room, and has some again. */
  readonly onRoom: () => void;
  readonly onDrop: (dropped: Item) => void;
  readonly onOverrun: () => void;
}

/**
 * Hands items to a handler one after the other. While the handler is busy they wait, within a bound; a handler that answers at once costs
 * nothing but its call.
 */
export class Mailbox<Item> {
  readonly #options: MailboxOptions<Item>;
  #waiting: Item[] = [];
  #busy: Promise<void> | undefined;
  #full = false;
  #closed = false;
  #handed: Item | undefined;
  #left = false;

  constructor(options: MailboxOptions<Item>) {
    this.#options = options;
  }

  get size(): number {
    return this.#waiting.length;
  }

  /** The last that was handed over, while others wait, or were dropped as the box was closed; undefined: nothing has been left. */
  get behind(): Item | undefined {
    return this.#left || this.#waiting.length > 0 ? this.#handed : undefined;
  }

  get busy(): boolean {
    return this.#busy !== undefined;
  }

  /** Resolves when the handler is not at work. */
  get idle(): Promise<void> {
    return this.#busy ?? Promise.resolve();
  }

  /** Takes the item in any case; false asks not to be given more until `onRoom`. */
  push(item: Item): boolean {
    if (this.#closed) return true;
    if (this.#busy === undefined) {
      const answer = this.#hand(item);
      if (answer !== undefined) this.#busy = this.#work(answer);
      return true;
    }
    return this.#keep(item);
  }

  /** What waits is dropped; what is being handled comes to its end. */
  close(): void {
    this.#closed = true;
    this.#left ||= this.#waiting.length > 0;
    this.#waiting = [];
  }

  #hand(item: Item): Promise<void> | undefined {
    this.#handed = item;
    return this.#options.handle(item);
  }

  #keep(item: Item): boolean {
    const { capacity, overflow, keyOf, onDrop, onOverrun } = this.#options;
    const waiting = this.#waiting;
    if (overflow === 'latest' && this.#replace(item, keyOf(item))) return true;
    waiting.push(item);
    if (waiting.length < capacity) return true;
    if (overflow === 'wait') {
      this.#full = true;
      return false;
    }
    if (waiting.length > capacity) {
      const [dropped] = waiting.splice(0, 1);
      if (dropped !== undefined) onDrop(dropped);
      if (overflow === 'disconnect') onOverrun();
    }
    return true;
  }

  /** The newer one goes to the end: what is said first of another key stays before it. */
  #replace(item: Item, key: string | undefined): boolean {
    if (key === undefined) return false;
    const at = this.#waiting.findIndex((other) => this.#options.keyOf(other) === key);
    if (at === -1) return false;
    const [replaced] = this.#waiting.splice(at, 1);
    if (replaced !== undefined) this.#options.onDrop(replaced);
    this.#waiting.push(item);
    return true;
  }

  async #work(first: Promise<void>): Promise<void> {
    await first;
    for (let item = this.#waiting.shift(); item !== undefined; item = this.#waiting.shift()) {
      this.#makeRoom();
      await this.#hand(item);
    }
    this.#busy = undefined;
    this.#makeRoom();
  }

  #makeRoom(): void {
    if (!this.#full || this.#waiting.length > this.#options.capacity >> 1) return;
    this.#full = false;
    this.#options.onRoom();
  }
}
