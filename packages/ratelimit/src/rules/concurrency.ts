import type { Algorithm } from './algorithm.ts';

/** Slots that are out, by who holds them; in order of their ends, so that what a crashed process held comes back by itself. */
export interface Slots {
  readonly held: readonly HeldSlots[];
}

interface HeldSlots {
  readonly holder: string;
  readonly cost: number;
  readonly until: number;
}

const usedOf = (state: Slots | undefined): number =>
  (state?.held ?? []).reduce((sum, { cost }) => sum + cost, 0);

const isHolding = (state: Slots | undefined, holder: string | undefined): boolean =>
  state !== undefined && state.held.some((each) => each.holder === holder);

export const concurrency: Algorithm<Slots> = {
  settle: ({ periodMs }, state, now) => {
    const held = (state?.held ?? [])
      .filter(({ until }) => until > now)
      .map((each) => (each.until > now + periodMs ? { ...each, until: now + periodMs } : each));
    return held.length === 0 ? undefined : { held };
  },
  wait: ({ limit }, state, now, { cost, holder }) => {
    if (isHolding(state, holder)) return 0;
    let over = usedOf(state) + cost - limit;
    if (state === undefined || over <= 0) return 0;
    const last = state.held.find((each) => (over -= each.cost) <= 0);
    return (last?.until ?? now) - now;
  },
  charge: ({ periodMs }, state, now, { cost, holder = '' }) => {
    if (state !== undefined && isHolding(state, holder)) return state;
    return { held: [...(state?.held ?? []), { holder, cost, until: now + periodMs }] };
  },
  // Slots belong to a holder, who gives back all of them or none.
  giveBack: (_rule, state) => state,
  used: (_rule, state) => usedOf(state),
  reset: (_rule, state, now) => Math.max(0, ...(state?.held ?? []).map(({ until }) => until - now)),
};

/** Undefined where the holder has none. */
export function releaseSlots(state: Slots | undefined, holder: string): Slots | undefined {
  return isHolding(state, holder)
    ? { held: (state?.held ?? []).filter((each) => each.holder !== holder) }
    : undefined;
}

/** They are held for another period from now on; undefined where the holder has none. */
export function renewSlots(state: Slots | undefined, holder: string, until: number): Slots | undefined {
  const own = state?.held.find((each) => each.holder === holder);
  const rest = releaseSlots(state, holder);
  return own === undefined ? undefined : { held: [...(rest?.held ?? []), { ...own, until }] };
}
