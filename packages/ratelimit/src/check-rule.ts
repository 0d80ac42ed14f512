import { InvalidArgument, requireInteger } from '@parley/cache-core/kernel';
import type { BlockPlan, Rule } from './rule.ts';

/** Beyond these, what a single call has to keep gets large: every charge of a log, every holder. */
const mostEntries = { log: 10_000, concurrency: 10_000 } as const;

/** More than that no rule admits at once. */
export const mostUnits = 1_000_000_000;
const longestMs = 36_525 * 86_400_000;

/** Twice the burst times the period, and one cost on top of that, must stay below 2^53. */
const largestProduct = 2 ** 50;

/** Returns the rule, or throws `InvalidArgument` that names the field. Whoever makes rules that `createLimiter` did not make checks them. */
export function checkRule(rule: Rule, path = ''): Rule {
  const { name, kind, limit, periodMs, burst, block } = rule;
  if (typeof name !== 'string' || !/^[\w.-]{1,64}$/.test(name))
    throw new InvalidArgument(`${path}name`, '1 to 64 letters, digits, "_", "." and "-"', name);
  const most = kind === 'log' || kind === 'concurrency' ? mostEntries[kind] : mostUnits;
  requireInteger(`${path}limit`, limit, 1, most);
  requireInteger(`${path}burst`, burst, 1, most);
  requireInteger(`${path}periodMs`, periodMs, 1, longestMs);
  if (kind !== 'gcra' && kind !== 'bucket' && burst !== limit)
    throw new InvalidArgument(`${path}burst`, `the limit, as of every rule of kind ${kind}`, burst);
  if (Math.max(limit, burst) * periodMs > largestProduct) {
    const field = burst > limit ? 'burst' : 'limit';
    const value = Math.max(limit, burst);
    throw new InvalidArgument(
      `${path}${field}`,
      `at most ${Math.floor(largestProduct / periodMs)} for a period of ${periodMs} ms, so that it is counted exactly`,
      value,
    );
  }
  if (block !== undefined) checkPlan(block, `${path}block.`);
  return rule;
}

function checkPlan({ forMs, factor, maxMs, forgetMs }: BlockPlan, path: string): void {
  requireInteger(`${path}forMs`, forMs, 1, longestMs);
  requireInteger(`${path}factor`, factor, 1, 1_000);
  requireInteger(`${path}maxMs`, maxMs, forMs, longestMs);
  requireInteger(`${path}forgetMs`, forgetMs, 0, longestMs);
}

/** Returns the cost, or throws `InvalidArgument`. */
export function requireCost(field: string, cost: number, burst: number): number {
  if (Number.isSafeInteger(cost) && cost >= 1 && cost <= burst) return cost;
  throw new InvalidArgument(field, `a whole number from 1 to ${burst}, which is what the rule admits`, cost);
}
