import { integerArray, uuidArray, type ApplicationTables } from '@parley/runtime';

/** An entry that was told, by what cannot change of it. */
export interface Told {
  readonly channelId: string;
  readonly seq: number;
  /** Undefined: only its number is known. */
  readonly at: number | undefined;
}

/** Whether the logs are others than those that were told from. */
export function alteredQuery(
  tables: ApplicationTables,
): (told: readonly Told[], signal: AbortSignal) => Promise<boolean> {
  const statement = tables.statement('log_altered');
  return async (told, signal) => {
    if (told.length === 0) return false;
    const { rows } = await tables.db.query(
      statement,
      [
        uuidArray(told.map(({ channelId }) => channelId)),
        integerArray(told.map(({ seq }) => seq)),
        integerArray(told.map(({ at }) => at ?? -1)),
      ],
      { signal },
    );
    return rows.length > 0;
  };
}
