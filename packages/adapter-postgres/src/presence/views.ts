import type { Diff, ReadRequest, StoredMember, View } from '@parley/presence';
import { StoreFault } from '@parley/cache-core/kernel';
import { integerArray, textArray } from '../arrays.ts';
import type { Param, TextRow } from '../database.ts';
import { count, text } from '../rows.ts';
import { endOf, toDiff } from './told.ts';

const nowhere: View = { epoch: '', top: 0, at: 0, users: 0, entries: 0, members: [] };

export function readParams(requests: readonly ReadRequest[]): Param[] {
  return [
    textArray(requests.map(({ channel }) => channel)),
    textArray(requests.map(({ after }) => after?.epoch)),
    integerArray(requests.map(({ after }) => after?.offset)),
    integerArray(requests.map(({ limit }) => limit)),
  ];
}

interface Found {
  readonly view: View;
  readonly diffs: Diff[];
  readonly members: StoredMember[];
}

/** What the statement answered: first the epoch of the server, then of each channel that there is how it stands, then what is in it. */
export function toViews(requests: readonly ReadRequest[], [, ...rows]: readonly TextRow[]): View[] {
  const found = new Map<number, Found>();
  for (const row of rows) {
    const ordinal = count(row, 0);
    if (row[1] !== null) found.set(ordinal, begun(row));
    else add(found.get(ordinal), row);
  }
  return requests.map((_, i) => found.get(i + 1)?.view ?? nowhere);
}

function begun(row: TextRow): Found {
  const [diffs, members]: [Diff[], StoredMember[]] = [[], []];
  const about = {
    epoch: text(row, 1),
    top: count(row, 3),
    at: count(row, 4),
    users: count(row, 9),
    entries: count(row, 10),
  };
  return { view: { ...about, ...(text(row, 2) === 'diffs' ? { diffs } : { members }) }, diffs, members };
}

function add(found: Found | undefined, row: TextRow): void {
  if (found === undefined) throw new StoreFault('Postgres: an answer to a reading begins in its middle');
  const user = text(row, 5);
  if (row[2] !== null) found.diffs.push(diffOf(user, row));
  else found.members.push({ user, rank: count(row, 6), value: text(row, 7), ...endOf(row, 8) });
}

/** Here the user stands in the middle of the columns. */
function diffOf(user: string, row: TextRow): Diff {
  return toDiff(user, [...row.slice(2, 5), ...row.slice(6, 9)], 0);
}
