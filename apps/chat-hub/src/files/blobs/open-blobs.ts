import type { Logger } from '@parley/cache-core/kernel';
import { isHubError } from '@parley/hub-protocol';
import { ConfigError } from '@parley/runtime';
import type { FilePlace } from '../file-config.ts';
import type { BlobStore } from './blob-store.ts';
import { diskBlobs } from './disk-blobs.ts';
import { s3Blobs } from './s3-blobs.ts';

/**
 * A store that was tried: a folder that cannot be written, or a bucket that is not there, is said at the start and not by the first upload.
 *
 * @param logger hears that it does not answer at the moment; without one that is an error like any other
 * @throws {ConfigError}
 */
export async function openBlobs(place: FilePlace, logger?: Pick<Logger, 'warn'>): Promise<BlobStore> {
  const store = place.kind === 'folder' ? diskBlobs(place.path) : s3Blobs(place);
  try {
    await store.open();
  } catch (cause) {
    if (logger !== undefined && isHubError(cause, 'UNAVAILABLE')) {
      logger.warn({ error: cause }, 'Where files are kept does not answer');
      return store;
    }
    const why = cause instanceof Error ? reasonOf(cause) : '';
    throw new ConfigError([
      { variable: 'HUB_FILES', message: `HUB_FILES: ${placeName(place)} cannot be used${why}` },
    ]);
  }
  return store;
}

export function placeName(place: FilePlace): string {
  return place.kind === 'folder'
    ? `the folder ${place.path}`
    : `the bucket ${place.bucket} at ${place.endpoint}`;
}

function reasonOf({ message, cause }: Error): string {
  return `: ${cause instanceof Error ? cause.message : message}`;
}
