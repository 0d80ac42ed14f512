import { createHash } from 'node:crypto';
import { HubError } from '@parley/hub-protocol';
import { readText, type ApplicationTables, type Session } from '@parley/runtime';
import { rowsOf } from '../backup/rows-of.ts';
import { takeSnapshot } from '../backup/snapshot.ts';

export interface ExportSource {
  readonly tables: ApplicationTables;
  /** Of the embedded Postgres. */
  readonly folder: string | undefined;
}

/** With conversations between two or a few, or without. */
type Part = readonly [statement: string, asksForDirect: boolean];

/** Members come last: who is added to a channel has read what was there before. */
const parts: readonly Part[] = [
  ['export_users', false],
  ['export_channels', true],
  ['export_messages', true],
  ['export_members', true],
];

/** People, channels and messages as they are at one moment, in the forms of the protocol, as lines of JSON. */
export async function* writeExport(
  { tables, folder }: ExportSource,
  direct: boolean,
  signal?: AbortSignal,
): AsyncGenerator<string> {
  const snapshot = await takeSnapshot(tables, folder, signal);
  let lines = 0;
  try {
    yield `${await header(tables, snapshot.session)}\n`;
    for (const [statement, asks] of parts) {
      const question = tables.statement(statement).text;
      for await (const rows of rowsOf(snapshot.session, question, asks ? [direct] : [])) {
        signal?.throwIfAborted();
        lines += rows.length;
        yield rows.map((row) => `${readText(row, 0)}\n`).join('');
      }
    }
  } finally {
    await snapshot[Symbol.asyncDispose]();
  }
  yield `${JSON.stringify({ end: { lines } })}\n`;
}

/** The source is called the same in every export of this workspace, and after it was restored. */
async function header({ schema }: ApplicationTables, session: Session): Promise<string> {
  const { rows } = await session.query({
    text: `select created_at from ${schema}.workspace`,
    operation: 'reading the workspace',
  });
  const [row] = rows;
  if (row === undefined) throw new HubError('INTERNAL', 'there is no workspace');
  const mark = createHash('sha256').update(readText(row, 0)).digest('hex').slice(0, 12);
  return JSON.stringify({ parley: 'export', version: 1, source: `parley-${mark}`, at: Date.now() });
}
