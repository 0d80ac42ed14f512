import { createHash } from 'node:crypto';
import type { Tables } from '../database/tables.ts';
import { readWhole } from './read-whole.ts';
import type { BackupSource } from './write-backup.ts';

export interface BlobTally {
  blobs: number;
  /** Of files that are there and should have them. */
  missing: number;
}

const atOnce = 100;

/** The bytes of all files that are not deleted, part by part. */
export async function* blobLines(
  { tables, blobs }: Pick<BackupSource, 'tables' | 'blobs'>,
  tally: BlobTally,
  signal?: AbortSignal,
): AsyncGenerator<string> {
  if (blobs === undefined) return;
  for (let after = '', found = atOnce; found === atOnce;) {
    const parts = await tables
      .kysely<Tables>()
      .selectFrom('file_parts')
      .innerJoin('files', 'files.id', 'file_parts.file_id')
      .select(['file_parts.key', 'file_parts.size'])
      .where('file_parts.key', '>', after)
      .where('file_parts.state', '!=', 'writing')
      .where('files.deleted_at', 'is', null)
      .orderBy('file_parts.key')
      .limit(atOnce)
      .execute();
    for (const { key, size } of parts) {
      signal?.throwIfAborted();
      const bytes = await readWhole(blobs, key, Number(size), signal);
      if (bytes === undefined) {
        if (await isWanted(tables, key)) tally.missing += 1;
        continue;
      }
      tally.blobs += 1;
      const sha256 = createHash('sha256').update(bytes).digest('hex');
      yield JSON.stringify({ blob: key, sha256, data: bytes.toString('base64') });
    }
    found = parts.length;
    after = parts.at(-1)?.key ?? after;
  }
}

/** Somebody may have deleted the file since it was asked for. */
async function isWanted(tables: BackupSource['tables'], key: string): Promise<boolean> {
  const row = await tables
    .kysely<Tables>()
    .selectFrom('file_parts')
    .innerJoin('files', 'files.id', 'file_parts.file_id')
    .select('file_parts.key')
    .where('file_parts.key', '=', key)
    .where('files.deleted_at', 'is', null)
    .executeTakeFirst();
  return row !== undefined;
}
