import { systemClock } from '@parley/cache-core/kernel';
import type { Limiter } from './limiter.ts';
import { runWithSlots } from './slot-run.ts';
import type { Verdict } from './verdict.ts';

/** Renews the slots of a request while it is answered, and gives them back after. Nothing that goes wrong here concerns the request. */
export function holdSlots<Name extends string>(
  limiter: Limiter<Name>,
  verdict: Verdict<Name>,
  since: number,
  answered: () => Promise<void>,
): void {
  const { holder } = verdict;
  const held = verdict.rules.filter(
    ({ rule, decidedBy }) => rule.kind === 'concurrency' && (decidedBy === 'store' || decidedBy === 'share'),
  );
  if (holder === undefined || held.length === 0) return;
  const targets = held.map(({ name, identity }) => ({ rules: name, identity }));
  const run = runWithSlots({
    clock: systemClock,
    holder,
    leaseMs: Math.min(...held.map(({ rule }) => rule.periodMs)),
    since,
    renew: async (signal) => {
      const renewed = targets.map((target) => limiter.renew(holder, { ...target, signal }));
      return (await Promise.all(renewed)).every(Boolean);
    },
    release: () => Promise.all(targets.map((target) => limiter.release(holder, target))),
    work: answered,
  });
  run.catch(() => undefined);
}
