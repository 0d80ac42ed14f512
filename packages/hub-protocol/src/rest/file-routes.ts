import * as z from 'zod/mini';
import { fileNameSchema } from '../file-name.ts';
import { idSchema } from '../ids.ts';
import { limits } from '../limits.ts';
import { sent } from '../modes.ts';
import { clientIdSchema } from '../names.ts';
import { fileRoomSchema, fileSchema } from '../values/file.ts';
import { ofChannel, pageQuery, queryInt } from './fields.ts';
import { fileCalls } from './file-calls.ts';
import { pageOf } from './page.ts';
import type { Route } from './route.ts';

const ofFile = sent({ fileId: idSchema });

export const fileRoutes = {
  createFile: {
    ...fileCalls.createFile,
    reply: fileSchema,
    summary:
      'Begin an upload; the same `clientId` again answers the file that is there, with what the hub has of it',
    auth: 'any',
    scope: 'write',
    channel: 'post',
    params: ofChannel,
    body: sent({
      clientId: clientIdSchema,
      name: fileNameSchema,
      /** How many bytes will come. */
      size: z.int().check(z.gte(1), z.lte(limits.fileBytes)),
    }),
    status: 201,
    errors: ['ARCHIVED', 'CLIENT_ID_REUSED', 'LIMIT_REACHED', 'TOO_LARGE'],
  },
  listFiles: {
    ...fileCalls.listFiles,
    reply: pageOf(fileSchema),
    summary: 'Files of the messages of a channel, latest first',
    auth: 'any',
    scope: 'read',
    channel: 'see',
    params: ofChannel,
    query: sent(pageQuery),
    status: 200,
  },
  listOwnFiles: {
    ...fileCalls.listOwnFiles,
    reply: pageOf(fileSchema),
    summary:
      'Your own files, latest first: in all channels, also those that you left, sent or not, and uploads that go on',
    auth: 'any',
    scope: 'read',
    query: sent(pageQuery),
    status: 200,
  },
  readFileRoom: {
    ...fileCalls.readFileRoom,
    reply: fileRoomSchema,
    summary: 'How much room your files take, and may',
    auth: 'any',
    scope: 'read',
    status: 200,
  },
  readFile: {
    ...fileCalls.readFile,
    reply: fileSchema,
    summary: 'What is known of a file; of one that no message has, for its uploader only',
    auth: 'any',
    scope: 'read',
    params: ofFile,
    status: 200,
  },
  writeFile: {
    ...fileCalls.writeFile,
    reply: fileSchema,
    summary:
      'Send a part of a file, at the place at which it goes on; what the hub has already is taken for done. A header `content-digest` with `sha-256` is checked',
    auth: 'any',
    scope: 'write',
    params: sent({ fileId: idSchema, offset: queryInt(0) }),
    body: 'application/octet-stream',
    status: 200,
    errors: ['ARCHIVED', 'CONFLICT'],
  },
  finishFile: {
    ...fileCalls.finishFile,
    reply: fileSchema,
    summary: 'End an upload: from now on messages can have the file',
    auth: 'any',
    scope: 'write',
    params: ofFile,
    body: sent({
      /** Of the whole file. One that differs has come in wrong: it is to be sent anew, from its beginning. */
      sha256: z.optional(
        z.string().check(z.regex(/^[0-9a-f]{64}$/, { error: 'be 64 hexadecimal digits, in lower case' })),
      ),
    }),
    status: 200,
    errors: ['ARCHIVED', 'CONFLICT'],
  },
  deleteFile: {
    ...fileCalls.deleteFile,
    summary:
      'Delete a file, for its uploader, wherever they are by now, and who manages the channel; messages lose it',
    auth: 'any',
    scope: 'write',
    params: ofFile,
    status: 204,
  },
  downloadFile: {
    ...fileCalls.downloadFile,
    summary:
      'The bytes of a file, or a range of them. Pictures, sound and films are shown by a browser, anything else is only kept',
    auth: 'any',
    scope: 'read',
    params: ofFile,
    status: 200,
    errors: ['RANGE_REFUSED'],
  },
  previewFile: {
    ...fileCalls.previewFile,
    summary: 'A small picture of a picture',
    auth: 'any',
    scope: 'read',
    params: ofFile,
    status: 200,
  },
} as const satisfies Record<string, Route>;
