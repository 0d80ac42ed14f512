import { fieldItem } from './http-field.ts';
import type { RuleVerdict, Verdict } from './verdict.ts';

export interface LimitHeaderOptions<Name extends string = string> {
  /** `RateLimit-Policy` and `RateLimit`. @default true */
  readonly standard?: boolean | undefined;
  /** Also `X-RateLimit-Limit`, `-Remaining` and `-Reset` of the rule that is nearest to its end, the last in seconds from now. @default false */
  readonly legacy?: boolean | undefined;
  /** In what a rule counts, where that is not requests: `content-bytes`. Of `concurrency` it is `concurrent-requests`. */
  readonly units?: Readonly<Partial<Record<Name, string>>> | undefined;
  /**
   * What tells a client for whom was counted, so that it can keep several apart. It is sent as it is: nothing that is secret.
   * @default not told
   */
  readonly partition?: ((rule: RuleVerdict<Name>) => string | undefined) | undefined;
}

/**
 * The fields of a response that say how a call stands: those of draft-ietf-httpapi-ratelimit-headers-11, and `Retry-After` where it was denied
 * and will not always be. Rules in shadow and those that a list decided are not told, nor what is left by one that was not counted.
 */
export function limitHeaders<Name extends string>(
  verdict: Verdict<Name>,
  { standard = true, legacy = false, units, partition }: LimitHeaderOptions<Name> = {},
): Record<string, string> {
  const headers: Record<string, string> = {};
  const told = verdict.rules.filter((one) => !one.shadow && !byList(one));
  const counted = told.filter(({ decidedBy }) => decidedBy !== 'open');
  const retryAfter = verdict.ok ? undefined : secondsOf(verdict.retryAfterMs);
  const pk = (one: RuleVerdict<Name>): Uint8Array | undefined => {
    const key = partition?.(one);
    return key === undefined ? undefined : new TextEncoder().encode(key);
  };
  if (standard && told.length > 0) {
    const policies = told.map((one) => {
      const { q, w } = quotaOf(one);
      return fieldItem(one.name, { q, qu: unitOf(one, units?.[one.name]), w, pk: pk(one) });
    });
    headers['RateLimit-Policy'] = [...new Set(policies)].join(', ');
  }
  if (standard && counted.length > 0) {
    const limits = counted.map((one) => {
      const t = moreIn(one);
      // Nobody is told to come back before a reset: who was denied elsewhere needs no later one of what still has something left.
      const late = retryAfter !== undefined && t !== undefined && t > retryAfter;
      return fieldItem(one.name, { r: leftOf(one), t: late ? undefined : t, pk: pk(one) });
    });
    headers['RateLimit'] = limits.join(', ');
  }
  const nearest = legacy ? nearestOf(counted) : undefined;
  if (nearest !== undefined) {
    headers['X-RateLimit-Limit'] = String(quotaOf(nearest).q);
    headers['X-RateLimit-Remaining'] = String(leftOf(nearest));
    headers['X-RateLimit-Reset'] = String(moreIn(nearest) ?? 0);
  }
  if (retryAfter !== undefined) headers['Retry-After'] = String(retryAfter);
  return headers;
}

const byList = ({ decidedBy }: RuleVerdict): boolean => decidedBy === 'allowed' || decidedBy === 'denied';

/** Whole seconds, never too early; undefined: never. */
function secondsOf(ms: number): number | undefined {
  return Number.isFinite(ms) ? Math.max(1, Math.ceil(ms / 1_000)) : undefined;
}

/**
 * What may be used up, and in how long that comes back. Of rules that let more than their limit through at once it is that, with the longer time
 * that it takes, so that what is left is never more than the quota. Rounded up, no client is promised more than there is.
 */
function quotaOf({ rule }: RuleVerdict): { q: number; w?: number } {
  const { kind, limit, burst, periodMs } = rule;
  if (kind === 'concurrency') return { q: limit };
  const q = Math.max(limit, burst);
  return { q, w: Math.max(1, Math.ceil((q * periodMs) / limit / 1_000)) };
}

const unitOf = ({ rule }: RuleVerdict, unit: string | undefined): string | undefined =>
  unit ?? (rule.kind === 'concurrency' ? 'concurrent-requests' : undefined);

const leftOf = ({ remaining }: RuleVerdict): number => Math.max(0, Math.floor(remaining));

/** In how many seconds there will be more; of a denied call, enough for it. */
function moreIn({ ok, remaining, retryAfterMs, resetMs, rule }: RuleVerdict): number | undefined {
  const { kind, limit, burst, periodMs } = rule;
  if (!ok) return secondsOf(retryAfterMs);
  if (kind === 'concurrency' || remaining >= burst) return undefined;
  const drains = kind === 'gcra' || kind === 'bucket';
  // All but the next unit comes back after that one.
  const restMs = drains ? ((burst - remaining - 1) * periodMs) / limit : 0;
  // Two windows pass until a sliding one forgets; some of it is back after one.
  const atMostMs = kind === 'sliding' ? Math.min(resetMs, periodMs) : resetMs;
  return secondsOf(Math.max(0, atMostMs - restMs));
}

function nearestOf<Name extends string>(rules: readonly RuleVerdict<Name>[]): RuleVerdict<Name> | undefined {
  const nearness = (one: RuleVerdict<Name>): number =>
    one.ok ? one.remaining / quotaOf(one).q : -one.retryAfterMs;
  return rules.toSorted((a, b) => nearness(a) - nearness(b))[0];
}
