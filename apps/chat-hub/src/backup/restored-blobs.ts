import { createHash } from 'node:crypto';
import type { ApplicationTables, Session } from '@parley/runtime';
import { z } from 'zod';
import type { Tables } from '../database/tables.ts';
import type { BlobStore } from '../files/blobs/blob-store.ts';
import { readWhole } from './read-whole.ts';
import { BackupRefused } from './backup-refused.ts';

const blobSchema = z.object({
  // Part of a path, in a folder.
  blob: z.string().regex(/^[0-9a-f-]{36}-\d{1,16}-[0-9a-f]{12}$/),
  sha256: z.string(),
  data: z.string(),
});

/** When a part came back, until it is known which did not. */
export const cameBack = -1;

/** Writes the bytes of files to where this hub keeps them. */
export class RestoredBlobs {
  readonly #tables: ApplicationTables;
  readonly #session: Session;
  readonly #blobs: BlobStore | undefined;
  #count = 0;

  constructor(tables: ApplicationTables, session: Session, blobs: BlobStore | undefined) {
    this.#tables = tables;
    this.#session = session;
    this.#blobs = blobs;
  }

  get count(): number {
    return this.#count;
  }

  async put(text: string, where: string): Promise<void> {
    const blobs = this.#blobs;
    if (blobs === undefined)
      throw new BackupRefused('it has files, and this hub keeps none: HUB_FILES says where they would be');
    const { blob: key, sha256, data } = read(text, where);
    const bytes = Buffer.from(data, 'base64');
    if (createHash('sha256').update(bytes).digest('hex') !== sha256)
      throw new BackupRefused(`${where} has other bytes than it was written with`);
    this.#count += 1;
    const { numUpdatedRows } = await this.#tables
      .kysely<Tables>(this.#session)
      .updateTable('file_parts')
      .set({ started_at: cameBack })
      .where('key', '=', key)
      .where('size', '=', String(bytes.length))
      .where('state', '!=', 'writing')
      .executeTakeFirst();
    // Uploaded after the moment of which the backup is.
    if (numUpdatedRows === 0n) return;
    // Who restores beside a hub that runs on the same store does not take a part away from it, not even for a moment.
    const there = await readWhole(blobs, key, bytes.length).catch(() => undefined);
    if (there?.equals(bytes) === true) return;
    // Somebody may have died while writing the same one.
    await blobs.delete(key);
    await blobs.put(key, bytes);
  }
}

function read(text: string, where: string): z.output<typeof blobSchema> {
  try {
    return blobSchema.parse(JSON.parse(text));
  } catch (cause) {
    throw new BackupRefused(`${where} is not what it should be`, cause);
  }
}
