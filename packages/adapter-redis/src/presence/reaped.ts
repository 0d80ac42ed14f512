import type { Appended, Reaped, ReapTime } from '@parley/presence';
import { asList } from '../lane.ts';
import type { Answer } from './answers.ts';
import { appendedOf } from './words.ts';

/**
 * What `moment` says of each partition: the time of its server (ms); or 0, it did not answer; or both the time and that at which it answered
 * again, while those who have their leases in it may not have come back.
 */
export interface ReapTerm {
  /** Up to when something may be taken out, by the clock of the partition; 0: not at all, nothing: whenever. */
  readonly latest: number | '';
  /** Nothing is taken out for so long after it answered again. */
  readonly gatherMs: number;
  /** When it answered again; 0: it has not, nothing: it was not away. */
  readonly back: number | undefined;
}

export function reapTerms(within: ReapTime | undefined, partitions: number): ReapTerm[] {
  const moments = within?.moment.split(' ') ?? [];
  const { ms = 0, gatherMs = 0 } = within ?? {};
  return Array.from({ length: partitions }, (_, i): ReapTerm => {
    if (within === undefined) return { latest: '', gatherMs, back: undefined };
    const [now = 0, back] = (moments[i] ?? '0').split('/').map(Number);
    if (!(now > 0)) return { latest: 0, gatherMs, back: gatherMs > 0 ? 0 : undefined };
    const latest = Math.floor(now + ms);
    if (back !== undefined && now - back < gatherMs) return { latest: 0, gatherMs, back };
    return { latest, gatherMs, back: undefined };
  });
}

/** What `lua/presence/reap.lua` replied in each partition. */
export function reapedOf(answers: readonly Answer[], terms: readonly ReapTerm[]): Reaped {
  const appended: Appended[] = [];
  const moments: string[] = [];
  const nexts: number[] = [];
  let more = false;
  let failure: Error | undefined;
  for (const [i, answer] of answers.entries()) {
    if ('failure' in answer) {
      failure ??= answer.failure;
      moments.push('0');
      continue;
    }
    const [isMore, next, time, ...told] = asList(answer.value);
    const now = Number(time);
    appended.push(...appendedOf(told, now));
    const { back, gatherMs = 0 } = terms[i] ?? {};
    if (back === undefined) {
      moments.push(String(now));
      more ||= Number(isMore) === 1;
      if (String(next) !== '') nexts.push(Number(next));
    } else {
      const since = back === 0 ? now : back;
      moments.push(`${now}/${since}`);
      nexts.push(Math.max(0, since + gatherMs - now));
    }
  }
  return {
    appended,
    more,
    nextMs: nexts.length === 0 ? undefined : Math.min(...nexts),
    moment: moments.join(' '),
    ...(failure !== undefined && { failure }),
  };
}
