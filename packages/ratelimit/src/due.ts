import { DeadlineExceeded } from '@parley/cache-core/kernel';
import type { Clock, ParleyError, Timer } from '@parley/cache-core/kernel';

/** Whoever waits until a time of their own. */
export interface Due {
  readonly dueAt: number;
  settle: (outcome: ParleyError) => void;
}

export const dueFirst = (calls: readonly Due[]): number =>
  calls.reduce((first, { dueAt }) => Math.min(first, dueAt), Infinity);

export const dueLast = (calls: readonly Due[]): number =>
  calls.reduce((last, { dueAt }) => Math.max(last, dueAt), -Infinity);

/** Settles who is due, and answers who is not. */
export function settleDue<Call extends Due>(calls: readonly Call[], now: number, withinMs: number): Call[] {
  for (const { dueAt, settle } of calls)
    if (dueAt <= now) settle(new DeadlineExceeded('the store of limits', withinMs));
  return calls.filter(({ dueAt }) => dueAt > now);
}

/** Settles each when it is due, until it is told to stop. */
export function settleEach(calls: readonly Due[], clock: Clock, withinMs: number): () => void {
  let timer: Timer | undefined;
  const wait = (open: readonly Due[]): void => {
    if (open.length === 0) return;
    timer = clock.timer(dueFirst(open) - clock.monotonic(), () => {
      wait(settleDue(open, clock.monotonic(), withinMs));
    });
  };
  wait(calls);
  return () => timer?.cancel();
}
