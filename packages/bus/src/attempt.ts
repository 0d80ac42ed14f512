import type { BrokerCall } from './broker.ts';

/** A call that is under way. Its signal is made when it is first asked for: a broker that has nothing to give up never asks. */
export class Attempt<Item> implements BrokerCall {
  readonly batch: readonly Item[];
  /** When (monotonic) it is given up. */
  readonly dueAt: number;
  #controller: AbortController | undefined;
  #reason: Error | undefined;

  constructor(batch: readonly Item[], dueAt: number) {
    this.batch = batch;
    this.dueAt = dueAt;
  }

  get signal(): AbortSignal {
    if (this.#controller === undefined) {
      this.#controller = new AbortController();
      if (this.#reason !== undefined) this.#controller.abort(this.#reason);
    }
    return this.#controller.signal;
  }

  giveUp(reason: Error): void {
    this.#reason = reason;
    this.#controller?.abort(reason);
  }
}

/** Parts those that are not due yet, by when the first of them is, from those that are. */
export function partByDue<Item>(
  attempts: Iterable<Attempt<Item>>,
  now: number,
): { readonly due: readonly Attempt<Item>[]; readonly next: number } {
  const due: Attempt<Item>[] = [];
  let next = Infinity;
  for (const attempt of attempts) {
    if (attempt.dueAt <= now) due.push(attempt);
    else next = Math.min(next, attempt.dueAt);
  }
  return { due, next };
}
