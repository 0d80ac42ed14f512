import { createHash, type Hash } from 'node:crypto';
import type { ApplicationTables, Session } from '@parley/runtime';
import { noteAudit } from '../audit/note.ts';
import type { Tables } from '../database/tables.ts';
import type { BlobStore } from '../files/blobs/blob-store.ts';
import { BackupRefused } from './backup-refused.ts';
import { backupTables, longestLine } from './layout.ts';
import { linesIn, TooLong, type Line } from './lines-in.ts';
import { makeGood } from './make-good.ts';
import { requireFit } from './header.ts';
import { RestoredBlobs } from './restored-blobs.ts';
import { RowLoader } from './row-loader.ts';
import { unhurried } from './unhurried.ts';

export interface RestoreTarget {
  readonly tables: ApplicationTables;
  /** Undefined: this hub keeps no files. */
  readonly blobs: BlobStore | undefined;
}

export interface Restored {
  readonly rows: number;
  readonly blobs: number;
  /** Files that the backup does not have all bytes of: they are deleted. */
  readonly lostFiles: number;
}

/**
 * Fills an empty hub with a backup, in one transaction: whatever goes wrong, or whoever dies, the hub is as empty as before, and it can be done
 * again. The bytes of files have the same keys each time, so that those of a restoration that came to nothing are written over.
 *
 * @throws {BackupRefused}
 */
export async function restore(
  { tables, blobs }: RestoreTarget,
  backup: AsyncIterable<Uint8Array>,
): Promise<Restored> {
  return tables.db.transaction(async (hurried) => {
    const session = await unhurried(hurried);
    await requireEmpty(tables, session);
    const parts = new RestoredBlobs(tables, session, blobs);
    const loader = new RowLoader(session, tables.schema);
    const hash = createHash('sha256');
    let ended = false;
    try {
      for await (const line of linesIn(backup, longestLine)) {
        if (ended) throw new BackupRefused(`line ${line.number} comes behind the end`);
        if (line.number === 1) await requireFit(line.text, session, tables.schema);
        else ended = await take(line, { loader, parts, hash });
        if (!ended) hash.update(`${line.text}\n`);
      }
    } catch (error) {
      if (error instanceof TooLong) throw new BackupRefused(error.message, error);
      throw error;
    }
    if (!ended) throw new BackupRefused('it ends in the middle: the rest of it is missing');
    const lostFiles = await makeGood(session, tables.schema);
    await countAnew(session, tables.schema);
    const { rows } = loader;
    const details = { rows, blobs: parts.count, lostFiles };
    await noteAudit(tables.kysely<Tables>(session), { action: 'backup.restore', actor: null, details });
    return details;
  });
}

interface Taking {
  readonly loader: RowLoader;
  readonly parts: RestoredBlobs;
  readonly hash: Hash;
}

/** Answers whether the line was the last one. */
async function take({ number, text }: Line, { loader, parts, hash }: Taking): Promise<boolean> {
  const where = `line ${number}`;
  if (!text.endsWith('}')) throw new BackupRefused(`it ends in ${where}: the rest of it is missing`);
  if (text.startsWith('{"table":')) {
    await loader.row(text, where);
    return false;
  }
  await loader.flush();
  if (text.startsWith('{"columns":')) await loader.begin(text, where);
  else if (text.startsWith('{"blob":')) await parts.put(text, where);
  else return requireEnd(text, where, { rows: loader.rows, blobs: parts.count, sha256: hash.digest('hex') });
  return false;
}

function requireEnd(
  text: string,
  where: string,
  found: { readonly rows: number; readonly blobs: number; readonly sha256: string },
): true {
  const [, rows, blobs, sha256] =
    /^\{"end":\{"rows":(\d+),"blobs":(\d+),"missing":\d+,"sha256":"([0-9a-f]{64})"\}\}$/.exec(text) ?? [];
  if (sha256 === undefined) throw new BackupRefused(`${where} is nothing that a backup has`);
  if (Number(rows) !== found.rows || Number(blobs) !== found.blobs || sha256 !== found.sha256)
    throw new BackupRefused('it is not as it was written: its hash is another one');
  return true;
}

/** The planner knows nothing of tables that were just filled, and the embedded Postgres would never find out by itself. */
async function countAnew(session: Session, schema: string): Promise<void> {
  const places = backupTables.map((table) => `${schema}.${table}`).join(', ');
  await session.query({ text: `analyze ${places}`, operation: 'counting what was restored' });
}

async function requireEmpty({ schema }: ApplicationTables, session: Session): Promise<void> {
  const { rows } = await session.query({
    text: `select 1 from ${schema}.workspace`,
    operation: 'looking whether there is a workspace',
  });
  if (rows.length > 0)
    throw new BackupRefused(
      'there is a workspace here already, and a backup is restored to an empty place only',
    );
}
