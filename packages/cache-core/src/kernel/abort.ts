import { Aborted, isParleyError } from './errors.ts';
import type { ParleyError } from './errors.ts';

/** Options of every call that can be given up. */
export interface Abortable {
  /** Gives the call up: it rejects with {@link Aborted}, or with the signal's reason where that is an error of Parley. */
  signal?: AbortSignal | undefined;
}

/**
 * The error of a call whose signal is aborted. A reason that is an error of Parley stands for itself, so that a deadline
 * further out is still told as `DeadlineExceeded`; any other reason becomes the `cause` of {@link Aborted}.
 */
export function abortError(signal: AbortSignal): ParleyError {
  const reason: unknown = signal.reason;
  return isParleyError(reason) ? reason : new Aborted(reason);
}

export function throwIfAborted(signal: AbortSignal | undefined): void {
  if (signal?.aborted) throw abortError(signal);
}

/**
 * Lets a caller leave a promise: rejects as soon as the signal is aborted. The work behind the promise goes on, and what it
 * comes to is dropped. Nothing stays on the signal once the promise has settled.
 */
export function abortable<T>(promise: PromiseLike<T>, signal: AbortSignal | undefined): Promise<T> {
  if (signal === undefined) return Promise.resolve(promise);
  return new Promise((resolve, reject) => {
    const leave = (): void => reject(abortError(signal));
    const settled = (): void => signal.removeEventListener('abort', leave);
    promise.then(
      (value) => {
        settled();
        resolve(value);
      },
      (error: unknown) => {
        settled();
        reject(error);
      },
    );
    if (signal.aborted) leave();
    else signal.addEventListener('abort', leave, { once: true });
  });
}

export interface LinkedSignal {
  readonly signal: AbortSignal;

  /** Takes every listener off the sources. Must be called when the work is over: sources may live as long as the process. */
  readonly dispose: () => void;
}

/**
 * A signal that is aborted with the first of the given ones, with the same reason.
 *
 * `AbortSignal.any` leaves its dependants attached to long-lived sources in some versions of Node; this one is detached by
 * `dispose`, and by itself once aborted.
 */
export function anySignal(signals: Iterable<AbortSignal | undefined>): LinkedSignal {
  const controller = new AbortController();
  const links: (() => void)[] = [];
  const dispose = (): void => {
    for (const unlink of links.splice(0)) unlink();
  };
  for (const source of signals) {
    if (source === undefined) continue;
    const follow = (): void => {
      dispose();
      controller.abort(source.reason);
    };
    if (source.aborted) {
      follow();
      break;
    }
    source.addEventListener('abort', follow, { once: true });
    links.push(() => source.removeEventListener('abort', follow));
  }
  return { signal: controller.signal, dispose };
}
