import type { Algorithm } from './algorithm.ts';
import { beyond } from './algorithm.ts';

/** A window that begins with the first charge. Around its end twice the limit may pass within a shorter time than the window. */
export interface Fixed {
  readonly used: number;
  readonly until: number;
}

export const fixed: Algorithm<Fixed> = {
  settle: ({ periodMs }, state, now) => {
    if (state === undefined || state.until <= now) return undefined;
    return { used: state.used, until: Math.min(state.until, now + periodMs) };
  },
  wait: ({ limit }, state, now, { cost }) =>
    state !== undefined && state.used + cost > limit ? state.until - now : 0,
  charge: ({ limit, periodMs }, state, now, { cost }) => {
    const used = state?.used ?? 0;
    return {
      used: Math.max(used, Math.min(used + cost, beyond * limit)),
      until: state?.until ?? now + periodMs,
    };
  },
  giveBack: (_rule, state, _now, units) =>
    state !== undefined && state.used > units ? { used: state.used - units, until: state.until } : undefined,
  used: (_rule, state) => state?.used ?? 0,
  reset: (_rule, state, now) => (state === undefined ? 0 : state.until - now),
};
