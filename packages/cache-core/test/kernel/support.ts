import { getEventListeners } from 'node:events';

/** How many listeners hang on a signal: what a call must leave at zero. */
export function listenersOn(signal: AbortSignal): number {
  return getEventListeners(signal, 'abort').length;
}

export type Outcome<T> = { value: T; at: number } | { error: unknown; at: number };

/** Records what a promise came to and when, so that a test can ask while others still wait. */
export function watch<T>(promise: Promise<T>, time: () => number): { outcome?: Outcome<T> } {
  const seen: { outcome?: Outcome<T> } = {};
  promise.then(
    (value) => (seen.outcome = { value, at: time() }),
    (error: unknown) => (seen.outcome = { error, at: time() }),
  );
  return seen;
}

/** What a promise or a call failed with. */
export async function failureOf(work: Promise<unknown> | (() => unknown)): Promise<unknown> {
  try {
    await (typeof work === 'function' ? work() : work);
  } catch (error) {
    return error;
  }
  throw new Error('expected a failure');
}

/** Work that never answers and ignores its signal. */
export function hang(): Promise<never> {
  return new Promise(() => {});
}
