import type { Algorithm } from './algorithm.ts';
import { beyond } from './algorithm.ts';

/**
 * Of `gcra` and `bucket`, which are two views of one thing: what was taken drains continuously.
 *
 * A unit is worth `periodMs` in debt and `limit` drains in each ms, so that there are no fractions; a time of arrival in ms would need them,
 * and lose some with every call.
 */
export interface Level {
  readonly debt: number;
  /** When the debt was so high. */
  readonly at: number;
}

export const level: Algorithm<Level> = {
  settle: ({ limit }, state, now) => {
    if (state === undefined || state.at === now) return state;
    const debt = state.debt - Math.max(0, now - state.at) * limit;
    return debt > 0 ? { debt, at: now } : undefined;
  },
  wait: ({ limit, periodMs, burst }, state, _now, { cost }) => {
    const over = (state?.debt ?? 0) + (cost - burst) * periodMs;
    return over > 0 ? Math.ceil(over / limit) : 0;
  },
  charge: ({ periodMs, burst }, state, now, { cost }) => {
    const debt = state?.debt ?? 0;
    return { debt: Math.max(debt, Math.min(debt + cost * periodMs, beyond * burst * periodMs)), at: now };
  },
  giveBack: ({ periodMs }, state, now, units) => {
    const debt = (state?.debt ?? 0) - units * periodMs;
    return debt > 0 ? { debt, at: now } : undefined;
  },
  used: ({ periodMs }, state) => Math.ceil((state?.debt ?? 0) / periodMs),
  reset: ({ limit }, state) => Math.ceil((state?.debt ?? 0) / limit),
};
