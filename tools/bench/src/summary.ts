import { doubtsOf } from './doubts.ts';
import { judge } from './goals.ts';
import type { GoalResult } from './goals.ts';
import type { SubjectRun } from './run-scenario.ts';
import type { Better, Scenario } from './scenario.ts';
import { ratioOf, sampleOf } from './statistics.ts';
import type { Sample } from './statistics.ts';

/** From here on, rounds lie too far apart to be quoted. */
export const noisyFrom = 0.15;

export interface Standing {
  readonly name: string;
  readonly role: 'ours' | 'floor' | 'rival' | 'other floor' | 'variant';

  /** Nothing of a subject that failed. */
  readonly sample: Sample | undefined;

  /** Ours divided by this one, by pairs of rounds. */
  readonly ratio: Sample | undefined;

  /** The median over the rounds; of `max` and what the scenario calls the worst, the largest of all. */
  readonly figures: Readonly<Record<string, number>>;
  readonly rounds: readonly number[];
  readonly failure: string | undefined;
}

/** One scenario, worked out. */
export interface Summary {
  readonly id: string;
  readonly unit: string;
  readonly better: Better;
  readonly standings: readonly Standing[];
  readonly goals: readonly GoalResult[];

  /** Sentences about subjects whose results are not to be believed, or not worth much. */
  readonly doubts: readonly string[];

  /** The widest of the subjects: no ratio is surer than that. */
  readonly spread: number;
}

export function summarise(scenario: Scenario, runs: readonly SubjectRun[]): Summary {
  const ours = runs.find(({ name }) => name === 'ours');
  const standings = runs.map((run) => standingOf(scenario, run, ours));
  return {
    id: scenario.id,
    unit: scenario.unit,
    better: scenario.better,
    standings,
    goals: judge(scenario, runs),
    doubts: doubtsOf(scenario, runs),
    spread: Math.max(0, ...standings.map(({ sample }) => sample?.spread ?? 0)),
  };
}

export function standingNamed({ standings }: Summary, name: string): Standing | undefined {
  return standings.find((standing) => standing.name === name);
}

export function rivalsOf({ standings }: Summary): Standing[] {
  return standings.filter(({ role }) => role === 'rival');
}

/** The rival that is hardest to beat; none where the scenario knows no better and worse. */
export function bestRival(summary: Summary): Standing | undefined {
  if (summary.better === 'equal') return undefined;
  const sign = summary.better === 'higher' ? 1 : -1;
  return rivalsOf(summary)
    .filter(({ sample }) => sample !== undefined)
    .toSorted((a, b) => sign * ((b.sample?.median ?? 0) - (a.sample?.median ?? 0)))[0];
}

function standingOf(scenario: Scenario, run: SubjectRun, ours: SubjectRun | undefined): Standing {
  const rounds = run.rounds.map(({ value }) => value);
  const own = ours?.rounds.map(({ value }) => value) ?? [];
  const role = roleOf(scenario, run.name);
  return {
    name: run.name,
    role,
    sample: sampleOf(rounds),
    ratio: role === 'ours' ? undefined : ratioOf(own, rounds),
    figures: figuresOf(run, scenario),
    rounds,
    failure: run.failure,
  };
}

function roleOf({ subjects }: Scenario, name: string): Standing['role'] {
  if (name === 'ours' || name === 'floor') return name;
  if (Object.hasOwn(subjects.rivals ?? {}, name)) return 'rival';
  return Object.hasOwn(subjects.variants ?? {}, name) ? 'variant' : 'other floor';
}

function figuresOf({ rounds }: SubjectRun, { worstOf = [] }: Scenario): Record<string, number> {
  const names = new Set(rounds.flatMap(({ figures }) => Object.keys(figures)));
  const entries = [...names].flatMap((name): [string, number][] => {
    const sample = sampleOf(rounds.flatMap(({ figures }) => figures[name] ?? []));
    return sample ? [[name, name === 'max' || worstOf.includes(name) ? sample.max : sample.median]] : [];
  });
  return Object.fromEntries(entries);
}
