import type { Algorithm } from './algorithm.ts';
import { beyond } from './algorithm.ts';

/**
 * Two windows, the first of which began with a charge. What was used in the previous one counts by the share of it that still is within the
 * last `periodMs`, as if it had been spread evenly.
 */
export interface Sliding {
  readonly from: number;
  readonly current: number;
  readonly previous: number;
}

export const sliding: Algorithm<Sliding> = {
  settle: ({ periodMs }, state, now) => {
    if (state === undefined) return undefined;
    const { from, current, previous } = state;
    const age = now - from;
    if (age < 0) return { from: now, current, previous };
    if (age < periodMs) return state;
    if (age >= 2 * periodMs || current === 0) return undefined;
    return { from: from + periodMs, current: 0, previous: current };
  },
  wait: ({ limit, periodMs }, state, now, { cost }) => {
    if (state === undefined) return 0;
    const { from, current, previous } = state;
    const left = from + periodMs - now;
    const over = current + cost - limit;
    // Then this window must be over first, and so much of it behind us.
    if (over > 0) return left + Math.ceil((over * periodMs) / current);
    const excess = previous * left + over * periodMs;
    return excess > 0 ? Math.ceil(excess / previous) : 0;
  },
  charge: ({ limit }, state, now, { cost }) => {
    const { from, current, previous } = state ?? { from: now, current: 0, previous: 0 };
    return { from, current: Math.max(current, Math.min(current + cost, beyond * limit)), previous };
  },
  giveBack: (_rule, state, _now, units) => {
    if (state === undefined) return undefined;
    const current = Math.max(0, state.current - units);
    const previous = Math.max(0, state.previous - (units - (state.current - current)));
    return current + previous > 0 ? { from: state.from, current, previous } : undefined;
  },
  used: ({ periodMs }, state, now) => {
    if (state === undefined) return 0;
    const { from, current, previous } = state;
    return current + Math.ceil((previous * (from + periodMs - now)) / periodMs);
  },
  reset: ({ periodMs }, state, now) => {
    if (state === undefined) return 0;
    return state.from + periodMs * (state.current > 0 ? 2 : 1) - now;
  },
};
