import { HubError } from '@parley/hub-protocol';
import type { Logger } from '@parley/cache-core/kernel';
import type { ChatCore } from '../chat/core.ts';
import type { BlobStore } from './blobs/blob-store.ts';
import type { FileFigures } from './figures.ts';
import type { FileConfig } from './file-config.ts';
import type { Finishing } from './finishing.ts';
import type { LeftFiles } from './left-files.ts';
import type { PlaceMark } from './place-mark.ts';
import type { Previewer } from './previews/previewer.ts';
import type { Sweeper } from './sweeper.ts';

/** What keeps files. */
export interface FileParts {
  readonly blobs: BlobStore;
  readonly mark: PlaceMark;
  readonly bounds: Pick<FileConfig, 'largest' | 'perUser' | 'workspace'>;
  readonly previewer: Previewer;
  readonly logger: Pick<Logger, 'warn'>;
}

export interface FileCore extends FileParts {
  readonly chat: ChatCore;
  readonly figures: FileFigures;
  readonly finishing: Finishing;
  readonly left: LeftFiles;
  readonly sweeper: Sweeper;
}

/** How long what no message has is kept: an upload after its last part, a file after it was uploaded. */
export const unkeptMs = 86_400_000;

/** Nobody writes one part for so long. */
export const writingMs = 3_600_000;

/** When a file is deleted all messages that have it are told anew, in one transaction. */
export const mostMessages = 200;

export function noFile(id: string): HubError {
  return new HubError('NOT_FOUND', `there is no file ${id}, or not for you`, { field: 'fileId' });
}
