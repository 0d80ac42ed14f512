import type { ClientFrame } from '@parley/hub-protocol';

type Sent = Extract<ClientFrame, { readonly type: 'send' | 'react' }>;
type SentFrame = Sent extends infer F ? (F extends unknown ? Omit<F, 'ref'> : never) : never;

export interface Outgoing {
  readonly frame: SentFrame;
  /** Of the message; 0: it is none. */
  readonly number: number;
  readonly due: number;
}

/** What one agent has said and was not answered, so that nothing is lost with a connection: it is said again, under the same name. */
export class Outbox {
  readonly #waiting = new Map<string, Outgoing>();
  readonly #failures = new Map<string, number>();
  #refs = 0;

  get size(): number {
    return this.#waiting.size;
  }

  /** @returns the line to send */
  add(outgoing: Outgoing): string {
    const ref = `${(this.#refs += 1)}`;
    this.#waiting.set(ref, outgoing);
    return lineOf(ref, outgoing);
  }

  /** What was answered, which is forgotten with it. */
  answered(ref: string): Outgoing | undefined {
    const outgoing = this.#waiting.get(ref);
    this.#waiting.delete(ref);
    this.#failures.delete(ref);
    return outgoing;
  }

  /** It was refused for now; answers how often, or nothing where nothing waits under this name. */
  failed(ref: string): number | undefined {
    if (!this.#waiting.has(ref)) return undefined;
    const failures = (this.#failures.get(ref) ?? 0) + 1;
    this.#failures.set(ref, failures);
    return failures;
  }

  /** All that waits, in the order in which it was said. */
  lines(): string[] {
    return Array.from(this.#waiting, ([ref, outgoing]) => lineOf(ref, outgoing));
  }

  line(ref: string): string | undefined {
    const outgoing = this.#waiting.get(ref);
    return outgoing === undefined ? undefined : lineOf(ref, outgoing);
  }
}

function lineOf(ref: string, { frame }: Outgoing): string {
  return JSON.stringify({ ...frame, ref });
}
