import type { Message } from '@parley/hub-protocol';

interface Row {
  message: Message;
  /** The number of the log that the message is the state of. What happened up to it is in it already. */
  asOf: number;
}

/** The messages of a channel that are known, each in its latest state. */
export class Rows {
  readonly #byId = new Map<string, Row>();
  /** By number. */
  readonly #order: Row[] = [];

  get(id: string): Message | undefined {
    return this.#byId.get(id)?.message;
  }

  get size(): number {
    return this.#order.length;
  }

  /** By number, the last one first. */
  *backwards(): Iterable<Message> {
    for (let at = this.#order.length - 1; at >= 0; at -= 1) {
      const row = this.#order[at];
      if (row !== undefined) yield row.message;
    }
  }

  all(): Message[] {
    return this.#order.map(({ message }) => message);
  }

  newerThan(asOf: number): Row[] {
    return this.#order.filter((row) => row.asOf > asOf);
  }

  /** Whether it was taken: what is older than what is known is not. */
  put(message: Message, asOf: number): boolean {
    const row = this.#byId.get(message.id);
    if (row !== undefined) {
      if (row.asOf >= asOf) return false;
      row.message = message;
      row.asOf = asOf;
      return true;
    }
    const made = { message, asOf };
    this.#byId.set(message.id, made);
    this.#order.splice(this.#placeFor(message.seq), 0, made);
    return true;
  }

  /** Behind all that have no higher number: mostly the end, and where older ones are read, the beginning. */
  #placeFor(seq: number): number {
    let [low, high] = [0, this.#order.length];
    if ((this.#order[high - 1]?.message.seq ?? 0) <= seq) return high;
    while (low < high) {
      const middle = (low + high) >> 1;
      if ((this.#order[middle]?.message.seq ?? 0) <= seq) low = middle + 1;
      else high = middle;
    }
    return low;
  }

  /** The message after the change; undefined when there was none, or the change is in it already. */
  change(
    id: string,
    asOf: number,
    changed: Partial<Message> | ((message: Message) => Partial<Message>),
  ): Message | undefined {
    const row = this.#byId.get(id);
    if (row === undefined || row.asOf >= asOf) return undefined;
    const { message } = row;
    row.message = { ...message, ...(typeof changed === 'function' ? changed(message) : changed) };
    row.asOf = asOf;
    return row.message;
  }

  /** Text that is kept nowhere, and therefore has no number. */
  show(id: string, content: string): void {
    const row = this.#byId.get(id);
    if (row !== undefined) row.message = { ...row.message, content };
  }

  /** Lets the oldest go, until so many are left. Answers who they were. */
  prune(count: number): readonly string[] {
    const gone = this.#order
      .splice(0, Math.max(0, this.#order.length - count))
      .map(({ message }) => message.id);
    for (const id of gone) this.#byId.delete(id);
    return gone;
  }

  clear(): void {
    this.#byId.clear();
    this.#order.length = 0;
  }
}
