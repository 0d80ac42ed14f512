import type { Hold } from '@parley/ratelimit';
import { integerArray, textArray } from '../arrays.ts';
import type { Param, TextRow } from '../database.ts';
import { flag } from '../rows.ts';
import { Accounts, ruleText } from './accounts.ts';

/** Slots that are given back or held for longer: each is asked for once, however often it is named. */
export class Held {
  readonly #holds: ReadonlyMap<string, Hold>;
  readonly #had = new Set<string>();

  constructor(holds: readonly Hold[]) {
    this.#holds = new Map(holds.map((hold) => [nameOf(hold), hold]));
  }

  /** @param msOf for how long from now; 0: no more */
  params(msOf: (hold: Hold) => number): Param[] {
    const accounts = new Accounts();
    const holds = [...this.#holds.values()];
    const owners = integerArray(holds.map((hold) => accounts.placeOf(hold)));
    return [
      ...accounts.names,
      owners,
      textArray(holds.map(({ holder }) => holder)),
      integerArray(holds.map(msOf)),
    ];
  }

  /** What the statement answered: of each, in their order, whether it was held. */
  read(rows: readonly TextRow[]): void {
    for (const [i, name] of [...this.#holds.keys()].entries())
      if (flag(rows[i] ?? [], 0)) this.#had.add(name);
  }

  had(hold: Hold): boolean {
    return this.#had.has(nameOf(hold));
  }

  /** Answers whether it was held. */
  forget(hold: Hold): boolean {
    return this.#had.delete(nameOf(hold));
  }
}

/** None of the parts contains a line break. */
const nameOf = ({ rule, identity, holder }: Hold): string => [ruleText(rule), identity, holder].join('\n');
