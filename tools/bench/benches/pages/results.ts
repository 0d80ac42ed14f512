import { readFileSync } from 'node:fs';

/** A file that `--json` wrote, as far as pages need it. */
export interface Results {
  readonly meta: {
    readonly date: string;
    readonly node: string;
    readonly cpu: string;
    readonly cores: number;

    /** Of the machine, at the end of the run. */
    readonly load: number;
    readonly quick: boolean;
  };
  readonly scenarios: readonly ScenarioResult[];
}

export interface ScenarioResult {
  readonly id: string;
  readonly unit: string;
  readonly better: 'higher' | 'lower' | 'equal';
  readonly ours: number | null;
  readonly floor: number | null;
  readonly spread: number;

  /** By name; null for one that failed. */
  readonly rivals: Readonly<Record<string, number | null>>;
  readonly goals: readonly { readonly goal: string; readonly actual: number | null; readonly met: boolean }[];

  /** Sentences about subjects whose figures are not to be believed, or not worth much. */
  readonly doubts?: readonly string[];
  readonly ratios: Readonly<Record<string, { readonly ratio: number; readonly spread: number }>>;
  readonly subjects: Readonly<Record<string, SubjectResult>>;
}

interface SubjectResult {
  /** Nothing of one that failed. */
  readonly median?: number;
  readonly figures?: Readonly<Record<string, number>>;
  readonly failure?: string;
}

export function readResults(file: URL): Results {
  const { $meta: meta, ...scenarios }: Record<string, unknown> = JSON.parse(readFileSync(file, 'utf8'));
  const list = Object.entries(scenarios).map(([id, scenario]) => ({ id, ...Object(scenario) }));
  return { meta: Object(meta), scenarios: list };
}
