import { getEventListeners } from 'node:events';
import { isParleyError } from '@parley/cache-core/kernel';

/** How many listeners hang on a signal: what a call must leave at zero. */
export function listenersOn(signal: AbortSignal): number {
  return getEventListeners(signal, 'abort').length;
}

/** Notes what a promise comes to and when, as `value@time`, or `code@time` or `message@time` of its error. */
export function watch(promise: Promise<unknown>, time: () => number): { outcome?: string } {
  const seen: { outcome?: string } = {};
  promise.then(
    (value) => (seen.outcome = `${String(value)}@${time()}`),
    (error: unknown) => (seen.outcome = `${nameOf(error)}@${time()}`),
  );
  return seen;
}

/** The code of an error of Parley, the message of any other. */
export function nameOf(error: unknown): string {
  if (isParleyError(error)) return error.code;
  return error instanceof Error ? error.message : String(error);
}

/** What a function answers, or the error's code and field, in a form that can be compared. */
export function answerOf<T>(fn: () => T): T | string {
  try {
    return fn();
  } catch (error) {
    return isParleyError(error, 'INVALID_ARGUMENT') ? `${error.code} ${error.field}` : nameOf(error);
  }
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
