import type { RushRule } from './rush-rules.ts';

/**
 * The most that stands against a rule at any moment, from what the store admitted at which times: never above `limit`, if it counted right.
 * Of `sliding` it is what any one period has, for which no more than twice the limit is promised.
 */
export function mostAtOnce(rule: RushRule, admitted: readonly number[], ended: readonly number[]): Found {
  const times = admitted.toSorted((a, b) => a - b);
  return promised[rule](times, ended);
}

interface Found {
  readonly most: number;
  readonly limit: number;
}

const promised: Readonly<Record<RushRule, (times: readonly number[], ended: readonly number[]) => Found>> = {
  gcra: (times) => ({ most: highestLevel(times, 10 / 500), limit: 10 }),
  bucket: (times) => ({ most: highestLevel(times, 30 / 1_900), limit: 15 }),
  log: (times) => ({ most: mostWithin(times, 500), limit: 10 }),
  sliding: (times) => ({ most: mostWithin(times, 1_900), limit: 40 }),
  fixed: (times) => ({ most: mostOfWindows(times, 500), limit: 10 }),
  slots: (times, ended) => ({ most: mostOut(times, ended), limit: 5 }),
};

/** Of what drains continuously, by so many units a millisecond. */
function highestLevel(times: readonly number[], drains: number): number {
  let [level, since, most] = [0, 0, 0];
  for (const at of times) {
    level = Math.max(0, level - (at - since) * drains) + 1;
    since = at;
    most = Math.max(most, level);
  }
  // Less than any unit: what adding up fractions brings with it.
  return Math.round(most * 1e6) / 1e6;
}

function mostWithin(times: readonly number[], periodMs: number): number {
  let [first, most] = [0, 0];
  for (const [i, at] of times.entries()) {
    while (at - (times[first] ?? at) >= periodMs) first += 1;
    most = Math.max(most, i - first + 1);
  }
  return most;
}

function mostOfWindows(times: readonly number[], periodMs: number): number {
  const windows = new Map<number, number>();
  let begun = -Infinity;
  for (const at of times) {
    if (at >= begun + periodMs) begun = at;
    windows.set(begun, (windows.get(begun) ?? 0) + 1);
  }
  return Math.max(...windows.values());
}

function mostOut(taken: readonly number[], ended: readonly number[]): number {
  const changes = [
    ...taken.map((at) => ({ at, by: 1 })),
    // Where the clock saw no difference, what was given back was taken by somebody then.
    ...ended.map((at) => ({ at, by: -1 })),
  ].toSorted((a, b) => a.at - b.at || a.by - b.by);
  let [out, most] = [0, 0];
  for (const { by } of changes) {
    out += by;
    most = Math.max(most, out);
  }
  return most;
}
