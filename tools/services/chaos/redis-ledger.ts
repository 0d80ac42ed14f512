/** A promise that was broken under faults. */
export class BrokenPromiseError extends Error {
  override readonly name = 'BrokenPromiseError';
}

/** The time between two wipes; each has keys of its own. */
interface Epoch {
  readonly counter: string;
  readonly marks: string;
  readonly counted: Set<number>;
  readonly marked: Set<string>;
  sent: number;
  highest: number;
  /** From then on only the upper bounds hold. */
  wiped: boolean;
}

/** What the server holds in the end. */
export interface RedisState {
  counter(key: string): Promise<number>;
  marks(key: string): Promise<Readonly<Record<string, string>>>;
}

/** What was sent and what was answered, and the judgement of both. */
export class RedisLedger {
  readonly #epochs: Epoch[] = [];
  readonly #published = new Set<string>();
  readonly #received = new Set<string>();
  #lastId = 0;

  constructor() {
    this.#open();
  }

  /** While the data goes, answers tell nothing: they may come from before or from after. */
  async whileWiping(wipe: () => Promise<unknown>): Promise<void> {
    this.#current().wiped = true;
    await wipe();
    this.#open();
  }

  /** Sends one increment: the answer is above everything that had been answered before it was sent, and nobody else gets it. */
  async count(increment: (key: string) => Promise<number>): Promise<void> {
    const epoch = this.#current();
    const floor = epoch.highest;
    epoch.sent += 1;
    const value = await increment(epoch.counter);
    if (epoch.wiped) return;
    if (epoch.counted.has(value))
      throw new BrokenPromiseError(`${epoch.counter}: ${value} was answered twice`);
    if (value <= floor)
      throw new BrokenPromiseError(`${epoch.counter}: ${value} was answered after ${floor}`);
    epoch.counted.add(value);
    epoch.highest = Math.max(epoch.highest, value);
  }

  /** Sends one increment of a field that no other command touches: it runs once or not at all. */
  async mark(increment: (key: string, field: string) => Promise<number>): Promise<void> {
    const epoch = this.#current();
    const id = this.#newId();
    const times = await increment(epoch.marks, id);
    if (times !== 1)
      throw new BrokenPromiseError(`${epoch.marks}: ${id} was sent once and ran ${times} times`);
    if (!epoch.wiped) epoch.marked.add(id);
  }

  publish(): string {
    const message = this.#newId();
    this.#published.add(message);
    return message;
  }

  receive(message: string): void {
    if (!this.#published.has(message))
      throw new BrokenPromiseError(`received ${message}, which nobody published`);
    if (this.#received.has(message)) throw new BrokenPromiseError(`received ${message} twice`);
    this.#received.add(message);
  }

  hasReceived(message: string): boolean {
    return this.#received.has(message);
  }

  /** Nothing that was acknowledged is lost, nothing ran twice. */
  async settle(state: RedisState): Promise<void> {
    for (const { counter, marks, sent, counted, marked, wiped } of this.#epochs) {
      const value = await state.counter(counter);
      if (value > sent)
        throw new BrokenPromiseError(`${counter}: ${sent} increments were sent, ${value} ran`);
      const ran = await state.marks(marks);
      const twice = Object.entries(ran).find(([, times]) => times !== '1');
      if (twice !== undefined)
        throw new BrokenPromiseError(`${marks}: ${twice[0]} was sent once and ran ${twice[1]} times`);
      if (wiped) continue;
      if (value < counted.size)
        throw new BrokenPromiseError(
          `${counter}: ${counted.size} increments were acknowledged, ${value} are left`,
        );
      const lost = [...marked].find((id) => ran[id] === undefined);
      if (lost !== undefined) throw new BrokenPromiseError(`${marks}: ${lost} was acknowledged and is lost`);
    }
  }

  summary(): string {
    const sum = (of: (epoch: Epoch) => number): number =>
      this.#epochs.reduce((total, epoch) => total + of(epoch), 0);
    return (
      `${sum(({ counted }) => counted.size)} of ${sum(({ sent }) => sent)} increments acknowledged, ` +
      `${sum(({ marked }) => marked.size)} marks; ${this.#received.size} of ${this.#published.size} messages received`
    );
  }

  #newId(): string {
    this.#lastId += 1;
    return String(this.#lastId);
  }

  #open(): void {
    const number = this.#epochs.length;
    this.#epochs.push({
      counter: `counter:${number}`,
      marks: `marks:${number}`,
      counted: new Set(),
      marked: new Set(),
      sent: 0,
      highest: 0,
      wiped: false,
    });
  }

  #current(): Epoch {
    const epoch = this.#epochs.at(-1);
    if (epoch === undefined) throw new Error('a ledger has an epoch from the start');
    return epoch;
  }
}
