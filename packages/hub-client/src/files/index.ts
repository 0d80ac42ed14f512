export { callFiles } from './call-files.ts';
export type { CallFileRoute } from './call-files.ts';
export { downloadFile } from './download.ts';
export type { DownloadOptions } from './download.ts';
export { uploadFile } from './upload.ts';
export type { FileCallOptions, UploadOptions } from './upload-options.ts';
