import type { SubjectRun } from './run-scenario.ts';
import type { Doubt, Scenario } from './scenario.ts';
import { short } from './table.ts';

/** A sentence for each subject and reason to doubt it, with the figure that lies furthest beyond the bound. */
export function doubtsOf({ doubts = [] }: Scenario, runs: readonly SubjectRun[]): string[] {
  return doubts.flatMap((doubt) =>
    runs.flatMap(({ name, rounds }) => {
      const beyond = rounds
        .flatMap(({ figures }) => figures[doubt.of] ?? [])
        .filter((figure) => isBeyond(doubt, figure));
      if (beyond.length === 0) return [];
      const worst = doubt.atMost === undefined ? Math.min(...beyond) : Math.max(...beyond);
      return [`${name} ${doubt.says} (${doubt.of} ${short(worst)})`];
    }),
  );
}

function isBeyond({ atLeast = -Infinity, atMost = Infinity }: Doubt, figure: number): boolean {
  return figure < atLeast || figure > atMost;
}
