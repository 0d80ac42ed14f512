import { readFlag, readText, type ApplicationTables, type Queries } from '@parley/runtime';

/** How long an author may say nothing. */
export interface Patience {
  readonly silentMs: number;
  /** So much longer where nothing was said yet: who thinks first may have no way to say so. */
  readonly blankMs: number;
  /** So much longer where nothing is noted: a node of a build that notes nothing has it. */
  readonly unnotedMs: number;
}

/** A message of which nothing is heard any more. */
export interface Silent {
  readonly id: string;
  readonly channelId: string;
  /** As much of its text as was. */
  readonly heard: string;
  readonly hasFiles: boolean;
}

/** Some of those that are silent for too long; or this one, if it is. */
export async function readSilent(
  tables: ApplicationTables,
  { silentMs, blankMs, unnotedMs }: Patience,
  { id, on = tables.db }: { readonly id?: string; readonly on?: Queries } = {},
): Promise<Silent[]> {
  const params = [silentMs, blankMs, unnotedMs, id ?? null];
  const { rows } = await on.query(tables.statement('stream_silent'), params);
  return rows.map((row) => ({
    id: readText(row, 0),
    channelId: readText(row, 1),
    heard: readText(row, 2),
    hasFiles: readFlag(row, 3),
  }));
}
