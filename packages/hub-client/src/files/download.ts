import { fileCalls } from '@parley/hub-protocol/rest';
import { callBytes } from './byte-call.ts';
import type { FileCallOptions } from './upload-options.ts';

export interface DownloadOptions extends FileCallOptions {
  readonly fileId: string;
  /** The small picture instead of the file. @default false */
  readonly preview?: boolean | undefined;
  /** The first byte that is wanted: for a download that goes on. @default 0 */
  readonly from?: number | undefined;
}

/**
 * The bytes of a file, as they come: `response.body`, `response.blob()`. They are read once, without trying again.
 *
 * @throws {HubError}
 */
export function downloadFile(options: DownloadOptions): Promise<Response> {
  const { fileId, preview = false, from = 0, signal } = options;
  return callBytes(options, preview ? fileCalls.previewFile : fileCalls.downloadFile, {
    params: { fileId },
    headers: from === 0 ? {} : { range: `bytes=${from}-` },
    signal,
  });
}
