import type { Held, Hold } from '@parley/ratelimit';
import { integerArray, textArray } from '../arrays.ts';
import type { Param } from '../database.ts';
import { Accounts, ruleText } from './accounts.ts';

/** Slots that are given back or held for longer. Each is asked for once, however often it is named. */
export class Holds {
  readonly #asked: readonly Hold[];
  readonly #holds: ReadonlyMap<string, Hold>;

  constructor(asked: readonly Hold[]) {
    this.#asked = asked;
    this.#holds = new Map(asked.map((hold) => [nameOf(hold), hold]));
  }

  /** @param msOf for how long from now; below 0: no more, of slots that are held for so long */
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

  /** @param next the answers in the order in which they were asked for */
  answers(next: () => Held): Held[] {
    const found = new Map(Array.from(this.#holds.keys(), (name) => [name, next()] as const));
    return this.#asked.flatMap((hold) => found.get(nameOf(hold)) ?? []);
  }
}

/** Of what was named twice: the second time it had been given back. */
export function onlyOnce(holds: readonly Hold[], answers: readonly Held[]): Held[] {
  const seen = new Set<string>();
  return answers.map((answer, i) => {
    const hold = holds[i];
    const name = hold === undefined ? '' : nameOf(hold);
    const again = seen.has(name);
    seen.add(name);
    return again ? { ...answer, held: false } : answer;
  });
}

/** None of the parts contains a line break. */
const nameOf = ({ rule, identity, holder }: Hold): string => [ruleText(rule), identity, holder].join('\n');
