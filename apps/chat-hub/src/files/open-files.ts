import type { Logger } from '@parley/cache-core/kernel';
import { isHubError } from '@parley/hub-protocol';
import { ConfigError, type ApplicationTables } from '@parley/runtime';
import type { BlobStore } from './blobs/blob-store.ts';
import { openBlobs, placeName } from './blobs/open-blobs.ts';
import type { FileConfig } from './file-config.ts';
import type { FileParts } from './file-core.ts';
import { PlaceMark } from './place-mark.ts';
import { createPreviewer } from './previews/previewer.ts';

export interface OpenFilesOptions {
  readonly tables: ApplicationTables;
  readonly logger: Logger;
  /** Puts something before the store. */
  readonly wrap?: ((blobs: BlobStore) => BlobStore) | undefined;
}

/**
 * What keeps files, once it is known that it can, or that it is away: a hub starts without its object store. Undefined: there are to be none.
 *
 * @throws {ConfigError}
 */
export async function openFiles(
  { place, ...bounds }: FileConfig,
  { tables, logger, wrap = (blobs) => blobs }: OpenFilesOptions,
): Promise<FileParts | undefined> {
  if (place === undefined) return undefined;
  const blobs = wrap(await openBlobs(place, logger));
  const mark = new PlaceMark(tables, blobs);
  const missing = await mark.missing().catch((error: unknown) => {
    if (!isHubError(error, 'UNAVAILABLE')) throw error;
    logger.warn({ error }, 'Where files are kept does not answer: there are none until it does');
    return undefined;
  });
  if (missing !== undefined)
    throw new ConfigError([
      {
        variable: 'HUB_FILES',
        message: `HUB_FILES: ${placeName(place)} is not the place that has the files of this hub: ${missing} is not there. Where the files are lost, or were brought there without it, make one of this name, with anything in it`,
      },
    ]);
  return { blobs, mark, bounds, previewer: createPreviewer({ logger }), logger };
}
