import { HubError } from '@parley/hub-protocol';
import type { IncomingHttpHeaders } from 'node:http';
import type { Call, Chat } from '../../chat/chat.ts';
import type { Bytes } from '../../files/files.ts';
import { isShown } from '../../files/sniff.ts';
import { ByteAnswer } from '../byte-answer.ts';
import { rangeIn } from '../byte-range.ts';
import { disposition } from '../disposition.ts';
import { Downloads } from '../downloads.ts';
import type { Handlers } from '../handler.ts';
import { picturePolicy } from '../headers.ts';
import { idIn, readPage } from '../paging.ts';

type Names =
  | 'createFile'
  | 'listFiles'
  | 'listOwnFiles'
  | 'readFile'
  | 'readFileRoom'
  | 'writeFile'
  | 'finishFile'
  | 'deleteFile'
  | 'downloadFile'
  | 'previewFile';

export function fileHandlers({ chat: { files } }: { readonly chat: Chat }): Pick<Handlers, Names> {
  const downloads = new Downloads();
  return {
    createFile: ({ caller, params, body, signal }) =>
      files.create(caller, params.channelId, body, { signal }),
    listFiles: ({ caller, params, query, signal }) =>
      readPage(
        query,
        (after, limit) =>
          files.list(caller, params.channelId, { before: after && idIn(after), limit, signal }),
        ({ id }) => id,
      ),
    listOwnFiles: ({ caller, query, signal }) =>
      readPage(
        query,
        (after, limit) => files.own(caller, { before: after && idIn(after), limit, signal }),
        ({ id }) => id,
      ),
    readFileRoom: ({ caller, signal }) => files.room(caller, { signal }),
    readFile: ({ caller, params, signal }) => files.read(caller, params.fileId, { signal }),
    writeFile: ({ caller, params: { fileId, offset }, body: bytes, headers, signal }) =>
      files.write(caller, fileId, { offset, bytes, sha256: digestIn(headers) }, { signal }),
    finishFile: ({ caller, params, body, signal }) =>
      files.finish(caller, params.fileId, body.sha256, { signal }),
    deleteFile: ({ caller, params, signal }) => files.delete(caller, params.fileId, { signal }),
    async downloadFile({ caller, params, headers, headOnly, signal }) {
      const content = await files.content(caller, params.fileId, { signal });
      const { name, type, sha256 } = content.file;
      return answer(
        { ...content, userId: caller.userId, downloads },
        headers,
        { headOnly, signal },
        {
          etag: `"${sha256 ?? params.fileId}"`,
          'content-type': type === 'text/plain' ? 'text/plain; charset=utf-8' : type,
          'content-disposition': disposition(isShown(type) ? 'inline' : 'attachment', name),
        },
      );
    },
    async previewFile({ caller, params, headers, headOnly, signal }) {
      const bytes = await files.preview(caller, params.fileId, { signal });
      return answer(
        { ...bytes, userId: caller.userId, downloads },
        headers,
        { headOnly, signal },
        {
          etag: `"${params.fileId}-preview"`,
          'content-type': 'image/webp',
          'content-disposition': 'inline',
        },
      );
    },
  };
}

interface About {
  readonly etag: string;
  readonly 'content-type': string;
  readonly 'content-disposition': string;
}

/** Kept by browsers, and asked for each time: who was removed from the channel is shown nothing that is here. */
async function answer(
  { size, open, userId, downloads }: Bytes & { readonly userId: string; readonly downloads: Downloads },
  { range: wanted, 'if-range': ifRange, 'if-none-match': known }: IncomingHttpHeaders,
  { headOnly, signal }: Call & { readonly headOnly: boolean },
  about: About,
): Promise<ByteAnswer> {
  const headers = {
    ...about,
    'accept-ranges': 'bytes',
    'cache-control': 'private, no-cache',
    'content-security-policy': picturePolicy,
  };
  const tags = known?.split(',').map((tag) => tag.trim().replace(/^W\//, '')) ?? [];
  if (tags.includes(about.etag) || tags.includes('*')) return new ByteAnswer(304, headers, undefined);
  const range = ifRange === undefined || ifRange === about.etag ? rangeIn(wanted, size) : undefined;
  const { first, last } = range ?? { first: 0, last: size - 1 };
  const sized = { ...headers, 'content-length': last - first + 1 };
  const begun = headOnly ? undefined : await downloads.begin(userId, () => open({ first, last }, { signal }));
  if (range === undefined) return new ByteAnswer(200, sized, begun?.bytes, begun?.onSending);
  const told = { ...sized, 'content-range': `bytes ${first}-${last}/${size}` };
  return new ByteAnswer(206, told, begun?.bytes, begun?.onSending);
}

/** `sha-256=:...:`, as RFC 9530 writes it. Other digests are for others. */
function digestIn(headers: IncomingHttpHeaders): Buffer | undefined {
  const header = String(headers['content-digest'] ?? '');
  const [, digest] = /(?:^|,)\s*sha-256=:([A-Za-z0-9+/]{43}=):/.exec(header) ?? [];
  if (digest !== undefined) return Buffer.from(digest, 'base64');
  if (!/(?:^|,)\s*sha-256=/.test(header)) return undefined;
  throw new HubError('INVALID', 'content-digest must have the form sha-256=:base64:', {
    field: 'content-digest',
  });
}
