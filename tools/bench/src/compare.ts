import { readFileSync } from 'node:fs';
import { percent, short, table } from './table.ts';
import { UsageError } from './usage.ts';

type Fields = Readonly<Record<string, unknown>>;

export interface Comparison {
  readonly text: string;

  /** `scenario to other` for each ratio that became worse by more than both spreads together. */
  readonly regressions: readonly string[];
}

interface Ratio {
  readonly scenario: string;
  readonly against: string;
  readonly better: unknown;
  readonly ratio: number;
  readonly spread: number;
}

/**
 * Holds the ratios of two recorded runs against each other. The figures themselves are not compared: they belong to their
 * machine and hour, and the ratios to floor and rivals are what remains when that is taken away.
 */
export function compare(before: string, after: string): Comparison {
  const [old, now] = [readResults(before), readResults(after)];
  const [oldRatios, newRatios] = [ratiosOf(old), ratiosOf(now)];
  const rows = newRatios.flatMap((ratio) => {
    const earlier = oldRatios.find(
      ({ scenario, against }) => scenario === ratio.scenario && against === ratio.against,
    );
    return earlier ? [{ ...ratio, earlier, verdict: verdictOf(earlier, ratio) }] : [];
  });
  const lines = rows.map(({ scenario, against, ratio, spread, earlier, verdict }) => [
    scenario,
    against,
    `${short(earlier.ratio)}x`,
    `${short(ratio)}x`,
    `${ratio >= earlier.ratio ? '+' : '-'}${percent(Math.abs(ratio / earlier.ratio - 1))}`,
    `±${percent(spread + earlier.spread)}`,
    verdict,
  ]);
  const head = ['scenario', 'ours to', before, after, 'change', 'spread', ''];
  return {
    text: [table(head, lines), ...remarks(old, now)].join('\n'),
    regressions: rows
      .filter(({ verdict }) => verdict === 'regression')
      .map(({ scenario, against }) => `${scenario} to ${against}`),
  };
}

function verdictOf(before: Ratio, after: Ratio): string {
  const change = after.ratio / before.ratio - 1;
  if (Math.abs(change) <= before.spread + after.spread || Number.isNaN(change)) return '';
  if (after.better === 'equal') return 'regression';
  return change > 0 === (after.better === 'higher') ? 'better' : 'regression';
}

function remarks(old: Fields, now: Fields): string[] {
  const [a, b] = [fields(old['$meta']), fields(now['$meta'])];
  const missing = (from: Fields, other: Fields) =>
    Object.keys(from).filter((id) => !Object.hasOwn(other, id));
  return [
    ...missing(old, now).map((id) => `${id} is gone.`),
    ...missing(now, old).map((id) => `${id} is new.`),
    ...(a['quick'] === true || b['quick'] === true ? ['A quick run is no measurement.'] : []),
    ...(['cpu', 'cores', 'node'] as const)
      .filter((key) => a[key] !== b[key])
      .map((key) => `Another ${key}: ${String(a[key])}, then ${String(b[key])}.`),
  ];
}

function ratiosOf(results: Fields): Ratio[] {
  return Object.entries(results)
    .filter(([id]) => !id.startsWith('$'))
    .flatMap(([scenario, value]) => {
      const { better, ratios, spread: widest } = fields(value);
      return Object.entries(fields(ratios)).flatMap(([against, entry]) => {
        const { ratio, spread } = fields(entry);
        if (typeof ratio !== 'number' || typeof spread !== 'number') return [];
        // Rounds can lie wide apart in step, and their ratio then looks surer than it is from one run to the next.
        const cautious = typeof widest === 'number' ? Math.max(spread, widest) : spread;
        return [{ scenario, against, better, ratio, spread: cautious }];
      });
    });
}

function readResults(file: string): Fields {
  try {
    return fields(JSON.parse(readFileSync(file, 'utf8')));
  } catch (error) {
    throw new UsageError(`${file}: ${error instanceof Error ? error.message : String(error)}`, {
      cause: error,
    });
  }
}

function fields(value: unknown): Fields {
  return typeof value === 'object' && value !== null ? { ...value } : {};
}
