import { createReadStream } from 'node:fs';
import { pipeline } from 'node:stream/promises';
import { createGunzip } from 'node:zlib';
import type { Logger } from '@parley/cache-core/kernel';
import { openParley } from '@parley/runtime';
import { BackupRefused } from './backup/backup-refused.ts';
import { restore, type Restored } from './backup/restore.ts';
import { sqlFolder } from './database/sql-folder.ts';
import type { HubConfig } from './config.ts';
import { openBlobs } from './files/blobs/open-blobs.ts';

/** Fills the hub of a configuration, which has nothing yet and does not run, with the backup in a file. */
export async function restoreFile(
  { environment, files }: Pick<HubConfig, 'environment' | 'files'>,
  path: string,
  { logger, isolation }: { readonly logger: Logger; readonly isolation?: string | undefined },
): Promise<Restored> {
  const parley = await openParley(environment, { logger, database: true, isolation, startLimit: '2m' });
  try {
    const tables = parley.tables('hub', sqlFolder);
    await tables.migrate();
    const blobs = files.place === undefined ? undefined : await openBlobs(files.place);
    let restored: Restored | undefined;
    // Of what it was told by its last part, a pipeline of Node 22 may tell only that the others were ended by it.
    let failure: unknown;
    await pipeline(createReadStream(path), createGunzip(), async (lines: AsyncIterable<Uint8Array>) => {
      try {
        restored = await restore({ tables, blobs }, lines);
      } catch (error) {
        failure = error;
        throw error;
      }
    }).catch((error: unknown) => {
      throw readable(failure ?? error, path);
    });
    if (restored === undefined) throw new BackupRefused('nothing came of it');
    return restored;
  } finally {
    await parley.close();
  }
}

function readable(error: unknown, path: string): unknown {
  const code = error instanceof Error && 'code' in error ? String(error.code) : '';
  if (/^(?:ENOENT|EACCES|EISDIR|EPERM)$/.test(code))
    return new BackupRefused(`${path} cannot be read (${code})`, error);
  if (code === 'Z_BUF_ERROR')
    return new BackupRefused('it ends in the middle: the rest of it is missing', error);
  return code.startsWith('Z_')
    ? new BackupRefused(`${path} is no backup, or was damaged (${code})`, error)
    : error;
}
