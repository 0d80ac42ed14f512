import type { fileRoutes } from '../rest/file-routes.ts';
import type { CallExamples } from './example-call.ts';
import { exampleFile, ids } from './example-values.ts';

const params = { channelId: ids.general };
const ofFile = { fileId: ids.file };
const begun = {
  ...exampleFile,
  received: 0,
  state: 'uploading',
  type: 'application/octet-stream',
  sha256: null,
  image: null,
  preview: null,
} as const;

export const fileCallExamples: CallExamples<keyof typeof fileRoutes> = {
  createFile: {
    params,
    body: { clientId: 'c-2', name: exampleFile.name, size: exampleFile.size },
    reply: begun,
  },
  listFiles: { params, reply: { items: [exampleFile], next: null } },
  listOwnFiles: { reply: { items: [exampleFile], next: null } },
  readFileRoom: { reply: { used: 2_048, limit: 1_073_741_824, largest: 104_857_600 } },
  readFile: { params: ofFile, reply: exampleFile },
  writeFile: {
    params: { ...ofFile, offset: 0 },
    body: '@plan.png',
    reply: { ...begun, received: exampleFile.size },
  },
  finishFile: {
    params: ofFile,
    body: { sha256: 'ba7816bf8f01cfea414140de5dae2223b00361a396177a9cb410ff61f20015ad' },
    reply: exampleFile,
  },
  deleteFile: { params: ofFile },
  downloadFile: { params: ofFile, reply: '…' },
  previewFile: { params: ofFile, reply: '…' },
};
