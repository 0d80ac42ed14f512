import { setImmediate as nextTurn } from 'node:timers/promises';
import { abortable } from '@parley/cache-core/kernel';

/** One at a time, in the order of asking. */
export class Turns {
  #last: Promise<void> = Promise.resolve();

  /** Resolves when it is the caller's turn, with the function that ends it. Who gave up waiting is passed over. */
  async take(signal?: AbortSignal): Promise<() => void> {
    const before = this.#last;
    const { promise: over, resolve: end } = Promise.withResolvers<void>();
    this.#last = before.then(() => over);
    try {
      await abortable(before, signal);
    } catch (error) {
      end();
      throw error;
    }
    // The database answers without ever leaving to the event loop: a caller in a loop would starve timers and sockets.
    await nextTurn();
    return end;
  }
}
