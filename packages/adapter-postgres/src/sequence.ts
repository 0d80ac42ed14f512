import { abortable } from '@parley/cache-core/kernel';

/** Runs one thing after another. Who stops waiting does not stop what runs, and keeps nothing from coming after it. */
export class Sequence {
  #last: Promise<unknown> = Promise.resolve();

  run<T>(work: () => Promise<T>, signal: AbortSignal | undefined): Promise<T> {
    const running = this.#last.then(work);
    this.#last = running.catch(() => {});
    return abortable(running, signal);
  }

  /** Resolves when everything so far has come to its end. */
  async idle(): Promise<void> {
    await this.#last;
  }
}
