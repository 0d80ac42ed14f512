import type { Result } from '../run/result.ts';
import { headline, withUnit } from './figures.ts';

export interface Change {
  readonly metric: string;
  readonly before: number;
  readonly after: number;
  /** After divided by before; undefined: before there was none. */
  readonly ratio: number | undefined;
  readonly verdict: 'better' | 'worse' | 'same' | 'other';
}

/** Below this, two runs of the same program differ by as much. */
const noise = 0.1;

const higherIsBetter = /perSecond$|perHubCpuSecond$|^acked$|^delivered$/u;
const neither = /\.count$|^(?:sent|acked|delivered|resent)$|^lateness|generator|^connect\.|^drift/u;

/** What is in both runs, the largest changes first. */
export function changesOf(before: Result, after: Result): Change[] {
  return Object.entries(before.metrics)
    .flatMap(([metric, value]) => {
      const now = after.metrics[metric];
      return now === undefined ? [] : [changeOf(metric, value, now)];
    })
    .toSorted((a, b) => weightOf(b) - weightOf(a));
}

function changeOf(metric: string, before: number, after: number): Change {
  const ratio = before === 0 ? (after === 0 ? 1 : undefined) : after / before;
  const differs = ratio === undefined || Math.abs(Math.log(Math.max(ratio, 1e-9))) > Math.log(1 + noise);
  if (!differs) return { metric, before, after, ratio, verdict: 'same' };
  if (neither.test(metric)) return { metric, before, after, ratio, verdict: 'other' };
  const better = higherIsBetter.test(metric) ? after > before : after < before;
  return { metric, before, after, ratio, verdict: better ? 'better' : 'worse' };
}

function weightOf({ ratio, verdict }: Change): number {
  const size = ratio === undefined ? Infinity : Math.abs(Math.log(Math.max(ratio, 1e-9)));
  return verdict === 'same' ? size - 1e3 : size;
}

/** Why the figures of two runs say little about each other. */
export function differencesOf(before: Result, after: Result): string[] {
  const facts = (result: Result): Record<string, unknown> => ({
    profile: result.profile,
    agents: result.size.agents,
    rate: result.size.rate,
    seconds: result.size.seconds,
    'on what it stands': result.ground,
    nodes: result.nodes,
    machine: result.machine,
  });
  const later = facts(after);
  return Object.entries(facts(before))
    .filter(([name, value]) => later[name] !== value)
    .map(([name, value]) => `${name}: ${String(value)} before, ${String(later[name])} after`);
}

export function comparisonOf(before: Result, after: Result): string {
  const differences = differencesOf(before, after);
  const rows = changesOf(before, after).map(({ metric, before: was, after: is, ratio, verdict }) => [
    verdict === 'same' || verdict === 'other' ? '' : verdict,
    metric,
    withUnit(metric, was),
    withUnit(metric, is),
    ratio === undefined ? '' : `x ${ratio.toFixed(2)}`,
  ]);
  const head = ['', 'figure', 'before', 'after', ''];
  const widths = head.map((_, i) => Math.max(...[head, ...rows].map((row) => row[i]?.length ?? 0)));
  const line = (row: readonly string[]): string =>
    row.map((cell, i) => (i >= 2 ? cell.padStart(widths[i] ?? 0) : cell.padEnd(widths[i] ?? 0))).join('  ');
  return [
    `before  ${headline(before)} (${before.began})`,
    `after   ${headline(after)} (${after.began})`,
    ...differences.map((difference) => `NOT THE SAME  ${difference}`),
    '',
    ...[head, ...rows].map((row) => line(row).trimEnd()),
    '',
    `Within ${noise * 100} % two runs differ by chance.`,
  ].join('\n');
}
