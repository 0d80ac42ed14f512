import type { Verdict } from './verdict.ts';

/** The body of an answer to who was denied, as application/problem+json. */
export interface LimitProblem {
  readonly type: string;
  readonly title: string;
  readonly status: number;
  /** The rules that denied. */
  readonly 'violated-policies': readonly string[];
}

export const problemType = 'application/problem+json';

const registry = 'https://iana.org/assignments/http-problem-types';

/**
 * What a denied call is answered: 429; 503 where it was only that the store did not answer; and 403 where somebody is on a list of denied
 * identities, since coming back later will not help.
 */
export function limitProblem({ rules, violated }: Verdict): LimitProblem {
  const denying = rules.filter(({ ok, shadow }) => !ok && !shadow);
  if (denying.some(({ decidedBy }) => decidedBy === 'denied'))
    return { type: 'about:blank', title: 'Forbidden', status: 403, 'violated-policies': violated };
  const away = denying.length > 0 && denying.every(({ decidedBy }) => decidedBy === 'closed');
  return {
    type: `${registry}#${away ? 'temporary-reduced-capacity' : 'quota-exceeded'}`,
    title: away
      ? 'Request cannot be satisfied due to temporary server capacity constraints'
      : 'Request cannot be satisfied as assigned quota has been exceeded',
    status: away ? 503 : 429,
    'violated-policies': violated,
  };
}
