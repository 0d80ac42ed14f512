import type { ParleyWithDatabase } from '@parley/runtime';
import type { FileParts } from '../files/file-core.ts';
import { Backups, type BackupsOptions } from './backups.ts';

interface OpenBackupsOptions extends Omit<BackupsOptions, 'blobs' | 'folder'> {
  readonly files: FileParts | undefined;
}

/** Backups of a node: with the embedded Postgres, of the folder that it keeps what it has in. */
export function openBackups(
  { config, selection }: ParleyWithDatabase,
  { files, ...options }: OpenBackupsOptions,
): Backups {
  const isKept = selection.database.adapter === 'embedded' && config.mode !== 'test';
  return new Backups({ ...options, blobs: files?.blobs, folder: isKept ? config.dataDir : undefined });
}
