import type { Algorithm } from './algorithm.ts';
import { beyond } from './algorithm.ts';

/** Every charge with its time, the oldest first, those of one ms together: in no interval of `periodMs` more than `limit`. */
export interface Log {
  readonly entries: readonly LogEntry[];
  readonly total: number;
}

interface LogEntry {
  readonly at: number;
  readonly cost: number;
}

const sumOf = (entries: readonly LogEntry[]): number => entries.reduce((sum, { cost }) => sum + cost, 0);

export const log: Algorithm<Log> = {
  settle: ({ periodMs }, state, now) => {
    if (state === undefined) return undefined;
    const entries = notAfter(state.entries, now);
    const first = entries.findIndex(({ at }) => at > now - periodMs);
    if (first === -1) return undefined;
    if (first === 0) return { entries, total: state.total };
    return { entries: entries.slice(first), total: state.total - sumOf(entries.slice(0, first)) };
  },
  wait: ({ limit, periodMs }, state, now, { cost }) => {
    let over = (state?.total ?? 0) + cost - limit;
    if (state === undefined || over <= 0) return 0;
    const last = state.entries.find((entry) => (over -= entry.cost) <= 0);
    return (last?.at ?? now) + periodMs - now;
  },
  charge: ({ limit }, state, now, { cost }) => {
    const { entries, total } = state ?? { entries: [], total: 0 };
    const added = Math.max(0, Math.min(cost, beyond * limit - total));
    if (added === 0) return { entries, total };
    const last = entries.at(-1);
    const own = last?.at === now;
    const entry = { at: now, cost: added + (own ? last.cost : 0) };
    return { entries: [...(own ? entries.slice(0, -1) : entries), entry], total: total + added };
  },
  giveBack: (_rule, state, _now, units) => {
    if (state === undefined || state.total <= units) return undefined;
    const entries = [...state.entries];
    let left = units;
    while (left > 0) {
      const newest = entries.pop();
      if (newest === undefined) break;
      if (newest.cost > left) entries.push({ at: newest.at, cost: newest.cost - left });
      left -= Math.min(left, newest.cost);
    }
    return { entries, total: state.total - units };
  },
  used: (_rule, state) => state?.total ?? 0,
  reset: ({ periodMs }, state, now) => {
    const last = state?.entries.at(-1);
    return last === undefined ? 0 : last.at + periodMs - now;
  },
};

/** What lies in the future of a clock that went back happened now. */
function notAfter(entries: readonly LogEntry[], now: number): readonly LogEntry[] {
  if ((entries.at(-1)?.at ?? now) <= now) return entries;
  const past = entries.filter(({ at }) => at < now);
  return [...past, { at: now, cost: sumOf(entries.slice(past.length)) }];
}
