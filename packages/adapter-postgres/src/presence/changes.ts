import type { Appended, Change, ChangeBatch, Changed, Outcome } from '@parley/presence';
import { StoreFault } from '@parley/cache-core/kernel';
import { booleanArray, integerArray, realArray, textArray } from '../arrays.ts';
import { boundedMs } from '../bounded-ms.ts';
import type { Param, TextRow } from '../database.ts';
import { count, text } from '../rows.ts';
import { Told, toDiff } from './told.ts';

interface Place {
  /** Which of the channels of the batch, from 1. */
  readonly owner: number;
  idleMs: number;
  sets: boolean;
  /** In which round the next change is, and of whom there is one in it already. */
  round: number;
  readonly users: Set<string>;
}

/** A batch as the statement that carries it out takes it. */
export function changeParams({ lease, turn, former, changes }: ChangeBatch): Param[] {
  const places = new Map<string, Place>();
  const rounds: number[] = [];
  const owners = changes.map((change) => {
    const place = placeOf(places, change);
    rounds.push(place.round);
    return place.owner;
  });
  const all = [...places.values()];
  return [
    lease,
    turn,
    former ?? null,
    textArray([...places.keys()]),
    realArray(all.map(({ idleMs }) => boundedMs(idleMs))),
    booleanArray(all.map(({ sets }) => sets)),
    integerArray(owners),
    integerArray(rounds),
    textArray(changes.map(({ user }) => user)),
    textArray(changes.map(({ id }) => id)),
    integerArray(changes.map((change) => (change.kind === 'set' ? change.rank : undefined))),
    textArray(changes.map((change) => (change.kind === 'set' ? change.value : undefined))),
    booleanArray(changes.map((change) => change.kind === 'set' && change.take)),
    booleanArray(changes.map((change) => change.kind === 'set' && change.owned)),
    realArray(changes.map((change) => (change.kind === 'set' ? bounded(change.forMs) : undefined))),
    realArray(changes.map((change) => (change.kind === 'set' ? bounded(change.lingerMs) : undefined))),
  ];
}

/** A statement sees what was there before it, so what comes second for a user has to wait for the next one; and what comes then, behind it. */
function placeOf(places: Map<string, Place>, change: Change): Place {
  const { channel, user } = change;
  const place = places.get(channel) ?? {
    owner: places.size + 1,
    idleMs: 0,
    sets: false,
    round: 1,
    users: new Set(),
  };
  places.set(channel, place);
  if (place.users.has(user)) {
    place.round += 1;
    place.users.clear();
  }
  place.users.add(user);
  if (change.kind === 'set') {
    place.sets = true;
    place.idleMs = Math.max(place.idleMs, change.idleMs);
  }
  return place;
}

/** What the statement answered: the verdict, and of each change its outcome and diff, in rounds. */
export function toChanged(changes: readonly Change[], [first = [], ...rows]: readonly TextRow[]): Changed {
  const verdict = verdictOf(text(first, 1));
  const outcomes = changes.map((): Outcome => 'same');
  const displaced: (string | undefined)[] = changes.map(() => undefined);
  const told = new Told();
  for (const row of rows) {
    const nth = count(row, 0) - 1;
    const change = changes[nth];
    if (change === undefined)
      throw new StoreFault('Postgres: an answer to a change does not fit the question');
    outcomes[nth] = outcomeOf(text(row, 1));
    if (change.kind === 'set' && change.tells === true) displaced[nth] = row[9] ?? undefined;
    if (row[2] !== null) told.add(change.channel, text(row, 8), toDiff(change.user, row, 2));
  }
  const appended: readonly Appended[] = told.appended;
  return { verdict, outcomes, appended, displaced };
}

const bounded = (ms: number | undefined): number | undefined => (ms === undefined ? ms : boundedMs(ms));

function verdictOf(word: string): Changed['verdict'] {
  if (word === 'done' || word === 'lapsed' || word === 'late') return word;
  throw new StoreFault('Postgres: a change has no verdict');
}

function outcomeOf(word: string): Outcome {
  if (word === 'done' || word === 'same' || word === 'taken') return word;
  throw new StoreFault('Postgres: a change has no outcome');
}
