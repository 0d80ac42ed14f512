import type { Testimony } from './witness.ts';

/** A message as the log has it. */
export interface Logged {
  readonly id: string;
  readonly seq: number;
  /** Which message of the run it is. */
  readonly number: number;
}

export interface PageTotals {
  readonly shown: number;
  readonly lost: number;
  readonly doubled: number;
  readonly disordered: number;
  /** Shown as another message than the log has, or not in the log at all. */
  readonly altered: number;
}

/** Compares what a page has shown with the log. */
export function pageTotals(
  { painted, neighbours, doubled }: Pick<Testimony, 'painted' | 'neighbours' | 'doubled'>,
  log: readonly Logged[],
): PageTotals {
  const byId = new Map(log.map((one) => [one.id, one]));
  const shown = new Map(painted.map(([id, number]) => [id, number]));
  const seqOf = (id: string): number | undefined => byId.get(id)?.seq;
  return {
    shown: shown.size,
    lost: log.filter(({ id }) => !shown.has(id)).length,
    doubled: doubled.length,
    disordered: neighbours.filter(([before, after]) => {
      const [first, second] = [seqOf(before), seqOf(after)];
      // Other lines, such as who joined, are no messages of the run.
      return first !== undefined && second !== undefined && first > second;
    }).length,
    altered: [...shown].filter(([id, number]) => byId.get(id)?.number !== number).length,
  };
}
