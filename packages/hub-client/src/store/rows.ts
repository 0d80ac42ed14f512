import type { Message } from '@parley/hub-protocol';
import { placeOf } from './place.ts';

interface Row {
  readonly seq: number;
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

  get first(): Message | undefined {
    return this.#order[0]?.message;
  }

  /** Those with numbers from one to another, both among them. */
  between(from: number, to: number): Message[] {
    const some = this.#order.slice(placeOf(this.#order, from), placeOf(this.#order, to + 1));
    return some.map(({ message }) => message);
  }

  newerThan(asOf: number): Row[] {
    return this.#order.filter((row) => row.asOf > asOf);
  }

  /** Answers those that were taken: what is older than what is known is not. */
  put(messages: readonly Message[], asOf: number): Message[] {
    const made: Row[] = [];
    const taken = messages.filter((message) => {
      const { id, seq } = message;
      const row = this.#byId.get(id);
      if (row !== undefined && row.asOf >= asOf) return false;
      const next = { seq, message, asOf };
      if (row !== undefined) Object.assign(row, next);
      else made.push(next);
      this.#byId.set(id, row ?? next);
      return true;
    });
    const first = this.#order[0]?.seq ?? Infinity;
    // A page of older ones comes before all others at once: there may be very many.
    if (made.every(({ seq }) => seq < first)) this.#order.unshift(...made.toSorted((a, b) => a.seq - b.seq));
    else for (const row of made) this.#order.splice(placeOf(this.#order, row.seq + 1), 0, row);
    return taken;
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
