import { createHash } from 'node:crypto';
import { HubError } from '@parley/hub-protocol';
import { readText, type ApplicationTables, type Session } from '@parley/runtime';
import type { BlobStore } from '../files/blobs/blob-store.ts';
import { columnsOf, migrationsOf } from './columns.ts';
import { blobLines, type BlobTally } from './blob-lines.ts';
import { backupForm, backupTables, leftOut, orders } from './layout.ts';
import { rowsOf } from './rows-of.ts';
import { takeSnapshot } from './snapshot.ts';

export interface BackupSource {
  readonly tables: ApplicationTables;
  /** Undefined: this hub keeps no files. */
  readonly blobs: BlobStore | undefined;
  /** Of the embedded Postgres. */
  readonly folder: string | undefined;
  readonly version: string;
}

/** Everything that a hub is, as lines of JSON. The last one says that it is all, and what the hash of it is. */
export async function* writeBackup(source: BackupSource, signal?: AbortSignal): AsyncGenerator<string> {
  const hash = createHash('sha256');
  const tally: BlobTally = { blobs: 0, missing: 0 };
  let rows = 0;
  const told = (text: string): string => {
    const line = `${text}\n`;
    hash.update(line);
    return line;
  };
  const snapshot = await takeSnapshot(source.tables, source.folder, signal);
  try {
    yield told(await header(source, snapshot.session));
    for await (const line of tableLines(source.tables.schema, snapshot.session)) {
      signal?.throwIfAborted();
      if (line.startsWith('{"table"')) rows += 1;
      yield told(line);
    }
  } finally {
    await snapshot[Symbol.asyncDispose]();
  }
  // After the snapshot, so that it holds nothing up: parts are never changed, and of files that were deleted meanwhile nobody wants them.
  for await (const line of blobLines(source, tally, signal)) yield told(line);
  const { blobs, missing } = tally;
  yield `${JSON.stringify({ end: { rows, blobs, missing, sha256: hash.digest('hex') } })}\n`;
}

async function header({ tables, version }: BackupSource, session: Session): Promise<string> {
  const migrations = await migrationsOf(session, tables.schema);
  return JSON.stringify({ ...backupForm, hub: version, at: Date.now(), migrations });
}

async function* tableLines(schema: string, session: Session): AsyncGenerator<string> {
  for (const table of backupTables) {
    const left = leftOut[table] ?? [];
    const columns = (await columnsOf(session, schema, table)).filter((name) => !left.includes(name));
    if (columns.length === 0) throw new HubError('INTERNAL', `there is no table ${table} to back up`);
    yield JSON.stringify({ columns, of: table });
    const question = `select row_to_json(r)::text from (select ${columns.join(', ')} from ${schema}.${table} ${orders[table] ?? ''}) as r`;
    for await (const rows of rowsOf(session, question)) {
      for (const row of rows) yield `{"table":"${table}","row":${readText(row, 0)}}`;
    }
  }
}
