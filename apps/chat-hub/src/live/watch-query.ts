import { integerArray, readCount, readText, uuidArray, type ApplicationTables } from '@parley/runtime';

export interface Moved {
  /** Logs whose heads are not where they were thought to be. */
  readonly heads: ReadonlyMap<string, number>;
  readonly users: readonly string[];
}

/** One small statement for everything that a node watches. */
export function watchQuery(
  tables: ApplicationTables,
): (
  heads: ReadonlyMap<string, number>,
  revs: ReadonlyMap<string, number>,
  signal: AbortSignal,
) => Promise<Moved> {
  const statement = tables.statement('watch');
  return async (heads, revs, signal) => {
    const { rows } = await tables.db.query(
      statement,
      [
        uuidArray([...heads.keys()]),
        integerArray([...heads.values()]),
        uuidArray([...revs.keys()]),
        integerArray([...revs.values()]),
      ],
      { signal },
    );
    const moved = { heads: new Map<string, number>(), users: [] as string[] };
    for (const row of rows) {
      if (row[0] === 'channel') moved.heads.set(readText(row, 1), readCount(row, 2));
      else moved.users.push(readText(row, 1));
    }
    return moved;
  };
}
