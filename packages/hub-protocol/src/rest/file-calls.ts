import { pageOf } from '../received/page.ts';
import { file, fileRoom } from '../received/file.ts';
import type { Call } from './call.ts';

export const fileCalls = {
  createFile: { method: 'POST', path: '/channels/{channelId}/files', reply: file },
  listFiles: { method: 'GET', path: '/channels/{channelId}/files', reply: pageOf(file) },
  listOwnFiles: { method: 'GET', path: '/me/files', reply: pageOf(file) },
  readFileRoom: { method: 'GET', path: '/me/file-room', reply: fileRoom },
  readFile: { method: 'GET', path: '/files/{fileId}', reply: file },
  writeFile: { method: 'PUT', path: '/files/{fileId}/parts/{offset}', reply: file },
  finishFile: { method: 'POST', path: '/files/{fileId}/finish', reply: file },
  deleteFile: { method: 'DELETE', path: '/files/{fileId}' },
  downloadFile: { method: 'GET', path: '/files/{fileId}/content', reply: 'application/octet-stream' },
  previewFile: { method: 'GET', path: '/files/{fileId}/preview', reply: 'image/webp' },
} as const satisfies Record<string, Call>;
