import { ParleyError } from '@parley/cache-core/kernel';
import type { Verdict } from './verdict.ts';

/** A call was denied, by `consume` or `run`. */
export class RateLimited extends ParleyError {
  declare readonly code: 'RATE_LIMITED';
  readonly verdict: Verdict;
  static {
    Object.defineProperty(this.prototype, 'name', {
      value: 'RateLimited',
      configurable: true,
      writable: true,
    });
  }
  constructor(verdict: Verdict) {
    const { violated, decidedBy, retryAfterMs } = verdict;
    super(`Denied by ${violated.join(', ')} (${decidedBy})`, {
      code: 'RATE_LIMITED',
      retryable: retryAfterMs !== Infinity,
      evidence: { rules: violated.join(','), decidedBy, retryAfterMs },
      ...(verdict.error !== undefined && { cause: verdict.error }),
    });
    this.verdict = verdict;
  }
}
