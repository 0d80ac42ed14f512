import type { BlockPlan } from '../rule.ts';

/** What is kept about blocks of an identity by one rule. */
export interface Guard {
  readonly until: number;
  /** How many blocks were not forgotten when the last one began, and that one. */
  readonly strikes: number;
  readonly forgetAt: number;
}

/** Undefined where there is nothing to be remembered any more. */
export function settleGuard(guard: Guard | undefined, now: number): Guard | undefined {
  if (guard === undefined || (guard.until <= now && guard.forgetAt <= now)) return undefined;
  return guard.forgetAt > now ? guard : { ...guard, strikes: 0 };
}

export function strike(guard: Guard | undefined, now: number, plan: BlockPlan): Guard {
  const strikes = guard?.strikes ?? 0;
  const forMs = Math.min(plan.maxMs, plan.forMs * plan.factor ** strikes);
  const until = now + forMs;
  return { until, strikes: Math.min(strikes + 1, mostStrikes), forgetAt: until + plan.forgetMs };
}

/** Of its own accord, not for an offence: it does not make the next block longer. With 0 all is forgiven. */
export function block(guard: Guard | undefined, now: number, forMs: number): Guard | undefined {
  if (forMs === 0) return undefined;
  return { until: now + forMs, strikes: guard?.strikes ?? 0, forgetAt: guard?.forgetAt ?? 0 };
}

/** Up to here a power of 1,000 is a number; `maxMs` is reached long before. */
const mostStrikes = 64;
