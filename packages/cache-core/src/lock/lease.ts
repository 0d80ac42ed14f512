import type { Clock } from '../kernel/clock.ts';

/** By how much two clocks may part, and how late a timer may be noticed. */
const drift = 0.01;
const marginMs = 2;

/** For how much of a lease, counted from when it was asked for, its holder may be sure of it: the store's clock may run a little faster. */
export const confirmedFor = (leaseMs: number): number => leaseMs * (1 - drift) - marginMs;

/** A moment by both clocks: the monotonic one stands still while the machine sleeps or is paused, and the other one may be set. */
export interface Moment {
  readonly monotonic: number;
  readonly wall: number;
}

export const momentOf = (clock: Clock): Moment => ({ monotonic: clock.monotonic(), wall: clock.now() });

/** How long ago that was, at the most: a wall clock that is set forward costs a lock, one that is set back nothing. */
export const sinceMs = (clock: Clock, { monotonic, wall }: Moment): number =>
  Math.max(clock.monotonic() - monotonic, clock.now() - wall);
