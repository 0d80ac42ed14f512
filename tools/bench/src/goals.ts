import type { SubjectRun } from './run-scenario.ts';
import type { Goal, Scenario } from './scenario.ts';
import { ratioOf, sampleOf } from './statistics.ts';

export interface GoalResult {
  /** In words: `p50 at most 1.3x floor`. */
  readonly goal: string;

  /** A ratio, or the figure itself; nothing when a subject that it needs has failed or did not report it. */
  readonly actual: number | undefined;

  /** A goal that cannot be judged is not met. */
  readonly met: boolean;
}

/** A goal against `'rivals'` is one goal for each of them. */
export function judge(scenario: Scenario, runs: readonly SubjectRun[]): GoalResult[] {
  return (scenario.goals ?? [])
    .flatMap((goal) =>
      goal.against === 'rivals'
        ? Object.keys(scenario.subjects.rivals ?? {}).map((against) => ({ ...goal, against }))
        : [goal],
    )
    .map((goal) => result(goal, scenario, runs));
}

function result(goal: Goal, { unit, worstOf = [] }: Scenario, runs: readonly SubjectRun[]): GoalResult {
  const { against, atLeast, atMost, of } = goal;
  const ours = valuesOf('ours', of, runs);
  const sample = against === undefined ? sampleOf(ours) : ratioOf(ours, valuesOf(against, of, runs));
  const actual = of !== undefined && worstOf.includes(of) ? sample?.max : sample?.median;
  const met = actual !== undefined && actual >= (atLeast ?? -Infinity) && actual <= (atMost ?? Infinity);
  return { goal: inWords(goal, unit), actual, met };
}

function valuesOf(name: string, of: string | undefined, runs: readonly SubjectRun[]): number[] {
  const rounds = runs.find((run) => run.name === name)?.rounds ?? [];
  const values = rounds.flatMap(({ value, figures }) => (of === undefined ? value : (figures[of] ?? [])));
  // A figure that is missing in some round would pair the wrong rounds.
  return values.length === rounds.length ? values : [];
}

function inWords({ against, atLeast, atMost, of }: Goal, unit: string): string {
  const measure = (bound: number) =>
    against === undefined ? `${bound}${of === undefined ? ` ${unit}` : ''}` : `${bound}x ${against}`;
  const bounds =
    atLeast !== undefined && atLeast === atMost
      ? [`exactly ${measure(atLeast)}`]
      : [
          ...(atLeast === undefined ? [] : [`at least ${measure(atLeast)}`]),
          ...(atMost === undefined ? [] : [`at most ${measure(atMost)}`]),
        ];
  return [...(of === undefined ? [] : [of]), bounds.join(' and ')].join(' ');
}
