import type { ServerName } from './servers.ts';

/** Which way is better; with `'equal'` only the goals judge. */
export type Better = 'higher' | 'lower' | 'equal';

/** A latency that an open or a closed loop can report, in milliseconds. */
export type Percentile = 'p50' | 'p90' | 'p99' | 'p99.9' | 'max';

/** How the work of every subject of a scenario is driven. It belongs to the scenario, so that all subjects bear the same. */
export type Load = LoopLoad | ClosedLoad | OpenLoad | MeasureLoad;

/** `op` is synchronous and called back to back. */
interface LoopLoad {
  readonly kind: 'loop';

  /** @default 'second' */
  readonly per?: Per;
}

/** So many calls of `op` are kept in flight; the next begins when one ends. */
interface ClosedLoad {
  readonly kind: 'closed';
  readonly inFlight: number;

  /** @default 'second' */
  readonly per?: Per;

  /**
   * Reports a percentile of the latency instead, which hides the calls that a stall kept from beginning. Not together with
   * `per`.
   */
  readonly report?: Percentile;
}

/**
 * `op` is called on a fixed schedule, whether or not earlier calls have ended, and its latency counts from the moment at which
 * it was due.
 */
interface OpenLoad {
  readonly kind: 'open';
  readonly perSecond: number;

  /** @default 'p99' */
  readonly report?: Percentile;
}

/** `op` is called once a round and returns the figure itself, such as bytes, loads or seconds. */
interface MeasureLoad {
  readonly kind: 'measure';
}

/**
 * What calls are counted by: seconds on the clock, or seconds of CPU time that the subject's process has used. The latter is for
 * work that never waits: it hardly changes when other programs take their share of the cores.
 */
type Per = 'second' | 'cpuSecond';

/** What a subject does once it is set up, in a process that holds nothing else. */
export interface Work {
  /**
   * One unit of work. `i` counts up, so that keys can vary. The result is consumed by the runner, which keeps the compiler from
   * dropping the work; return what the work came to.
   */
  op(i: number): unknown;

  /** Further figures of the round that just ended, such as loads per call; they land in the JSON and goals may name them. */
  figures?(): Readonly<Record<string, number>>;

  /** The place to throw when the work was not done right: the subject's figures are then void. */
  teardown?(): void | Promise<void>;
}

export interface SubjectEnvironment {
  /** The URL of a server that the scenario asks for. */
  readonly url: (server: ServerName) => string;

  /** Its process, for `cpuSecondsOf`. */
  readonly pid: (server: ServerName) => number;

  /** For keys on shared servers: another one for each process. */
  readonly prefix: string;

  /** The same for all subjects of a run; for `seededRandom`. */
  readonly seed: number;
  readonly quick: boolean;
}

/**
 * Sets one subject up. Import the library in here and not at the top of the bench, so that no process loads the libraries of
 * the other subjects.
 */
export type Subject = (environment: SubjectEnvironment) => Work | Promise<Work>;

export interface Subjects {
  readonly ours: Subject;

  /** The least code that does the same work with the same client. */
  readonly floor?: Subject;
  readonly rivals?: Readonly<Record<string, Subject>>;

  /** The floors of rivals that need another client than ours: measured and shown, never judged. */
  readonly otherFloors?: Readonly<Record<string, Subject>>;

  /** Ours in another set-up: measured and shown, never judged. */
  readonly variants?: Readonly<Record<string, Subject>>;
}

export interface Goal {
  /**
   * What ours is divided by: `'floor'`, a rival's name, or `'rivals'` for each of them. Without it the bounds are for the
   * figure of ours itself.
   */
  readonly against?: string;
  readonly atLeast?: number;
  readonly atMost?: number;

  /** Another figure than the reported one, such as `'p50'`, `'heapMB'` or one of `Work.figures`. */
  readonly of?: string;
}

/** Makes one doubt the result of any subject that has such a figure beyond these bounds, in whatever round. */
export interface Doubt {
  readonly of: string;
  readonly atLeast?: number;
  readonly atMost?: number;

  /** What it means, after the name of the subject: `lost messages`. */
  readonly says: string;
}

export interface Scenario {
  readonly id: string;

  /** Of the reported figure: `'ops/s'`, `'ms'`, `'s'`, `'MB'`, `'loads'`, ... */
  readonly unit: string;
  readonly better: Better;
  readonly load: Load;
  readonly subjects: Subjects;
  readonly goals?: readonly Goal[];
  readonly doubts?: readonly Doubt[];

  /** Figures of which the largest of all rounds counts, and not the median: what must not happen even once. */
  readonly worstOf?: readonly string[];
  readonly servers?: readonly ServerName[];

  /**
   * Rounds that count; one more is run before them and discarded.
   *
   * @default 9
   */
  readonly rounds?: number;

  /** @default 500 */
  readonly roundMs?: number;

  /**
   * A new process for every round, for what happens once in a process, such as an import.
   *
   * @default false
   */
  readonly freshProcess?: boolean;

  /**
   * How long setup, one round or teardown may take before the subject counts as hung.
   *
   * @default 60_000
   */
  readonly deadlineMs?: number;

  /** For the processes of the subjects, such as `--max-old-space-size=64`. */
  readonly nodeFlags?: readonly string[];
}

/** The subjects by name, in the order in which they are shown. */
export function subjectsOf({ subjects }: Scenario): Map<string, Subject> {
  return new Map(
    Object.entries({
      ours: subjects.ours,
      ...(subjects.floor && { floor: subjects.floor }),
      ...subjects.rivals,
      ...subjects.otherFloors,
      ...subjects.variants,
    }),
  );
}
