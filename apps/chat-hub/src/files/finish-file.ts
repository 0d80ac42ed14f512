import { createHash } from 'node:crypto';
import { HubError, type File } from '@parley/hub-protocol';
import type { Caller } from '../access/caller.ts';
import type { Call } from '../chat/chat.ts';
import type { Tables } from '../database/tables.ts';
import { bytesMissing } from './blobs/blob-errors.ts';
import { unkeptMs, type FileCore } from './file-core.ts';
import { findFile, lookFile, lookUpload, type SeenFile } from './look-file.ts';
import { dropPart, openRange, readParts, writePart } from './parts.ts';
import type { Preview } from './previews/run-program.ts';
import { readAhead } from './read-ahead.ts';
import { isPicture, sniff, sniffBytes } from './sniff.ts';

/** Pictures of more bytes have no preview. */
const largestPicture = 20 * 1_048_576;

/** Ends an upload. Whoever died over it before it was done does it again: nothing of it is seen until all of it is. */
export async function finishFile(
  core: FileCore,
  caller: Caller,
  fileId: string,
  sha256: string | undefined,
  call: Call = {},
): Promise<File> {
  const upload = await lookUpload(core.chat, caller, fileId, call);
  const { file } = upload;
  if (file.state === 'ready') {
    if (sha256 === undefined || sha256 === file.sha256) return file;
    throw new HubError('CONFLICT', 'the file was ended, and its bytes are others', { field: 'sha256' });
  }
  if (file.received < file.size)
    throw new HubError('CONFLICT', `the hub has ${file.received} bytes of ${file.size}`);
  await core.finishing.run(file, sha256, (signal) => endUpload(core, caller, upload, sha256, { signal }));
  const { file: ended } = await lookFile(core.chat, caller, fileId, call);
  if (ended.state === 'ready') return ended;
  throw new HubError('CONFLICT', 'the upload was begun anew meanwhile: send the file again');
}

/** Whatever another one does to the upload from here on is another attempt, and nothing comes of this one. */
async function endUpload(
  core: FileCore,
  caller: Caller,
  upload: SeenFile,
  sha256: string | undefined,
  call: Call,
): Promise<void> {
  const { file, attempt } = upload;
  // What is begun anew takes its bytes away, also from under who reads them.
  const ifStillTheSame = async (error: unknown): Promise<undefined> => {
    const now = await findFile(core.chat, caller, file.id, call);
    if (now.attempt === attempt) throw error;
  };
  const found = await readThrough(core, file, call).catch(ifStillTheSame);
  if (found === undefined) return;
  if (sha256 !== undefined && sha256 !== found.sha256) {
    if (await beginAnew(core, upload)) core.sweeper.sweep(file.id);
    throw new HubError(
      'CONFLICT',
      'the bytes that came are others: send the file again, from its beginning',
      {
        field: 'sha256',
      },
    );
  }
  const preview = found.isPicture ? await makePreview(core, file, call).catch(ifStillTheSame) : undefined;
  await end(core, upload, { ...found, preview }, call);
}

interface Found {
  readonly sha256: string;
  readonly type: string;
  /** Of which a preview may be made. */
  readonly isPicture: boolean;
}

/** What is kept is what is looked at, not what was sent. */
async function readThrough(core: FileCore, file: File, call: Call): Promise<Found> {
  const hash = createHash('sha256');
  const head: Buffer[] = [];
  let [known, length] = [0, 0];
  for await (const bytes of readAhead(core.blobs, await readParts(core, file.id, 'stored'), call)) {
    hash.update(bytes);
    length += bytes.length;
    if (known >= sniffBytes) continue;
    head.push(bytes.subarray(0, sniffBytes));
    known += bytes.length;
  }
  if (length !== file.size)
    throw bytesMissing(new Error(`the parts of the file have ${length} bytes of ${file.size}`));
  const type = sniff(Buffer.concat(head));
  return {
    sha256: hash.digest('hex'),
    type,
    isPicture: isPicture(type) && file.size <= largestPicture,
  };
}

async function makePreview(core: FileCore, file: File, call: Call): Promise<Preview | undefined> {
  const parts = await readParts(core, file.id, 'stored');
  const open = () => openRange(core, parts, { first: 0, last: file.size - 1 }, call);
  const preview = await core.previewer.make(open, call);
  if (preview === undefined) core.figures.previewsMissing += 1;
  else core.figures.previewsMade += 1;
  return preview;
}

async function end(
  core: FileCore,
  { file, attempt }: SeenFile,
  { sha256, type, preview }: Omit<Found, 'isPicture'> & { readonly preview: Preview | undefined },
  call: Call,
): Promise<void> {
  const key = preview && (await writePart(core, file.id, 0, preview.bytes, call));
  const { tables, clock } = core.chat;
  const isEnded = await tables.db.transaction(async (session) => {
    const db = tables.kysely<Tables>(session);
    const { numUpdatedRows } = await db
      .updateTable('files')
      .set({
        state: 'ready',
        type,
        sha256,
        kept_until: clock.now() + unkeptMs,
        ...(preview && {
          width: preview.image.width,
          height: preview.image.height,
          preview_width: preview.width,
          preview_height: preview.height,
        }),
      })
      .where('id', '=', file.id)
      .where('state', '=', 'uploading')
      .where('attempt', '=', attempt)
      .where('received', '=', String(file.size))
      .where('deleted_at', 'is', null)
      .executeTakeFirst();
    if (numUpdatedRows === 0n) return false;
    if (key !== undefined)
      await db.updateTable('file_parts').set({ state: 'preview' }).where('key', '=', key).execute();
    return true;
  }, call);
  // Where this fails, the collector finds it.
  if (!isEnded && key !== undefined) await dropPart(core, key, call).catch(() => undefined);
}

/** Nothing of what came can be trusted. Answers whether somebody else was not faster. */
function beginAnew({ chat: { tables } }: FileCore, { file, attempt }: SeenFile): Promise<boolean> {
  return tables.db.transaction(async (session) => {
    const db = tables.kysely<Tables>(session);
    const { numUpdatedRows } = await db
      .updateTable('files')
      .set({ received: 0, attempt: attempt + 1 })
      .where('id', '=', file.id)
      .where('state', '=', 'uploading')
      .where('attempt', '=', attempt)
      .executeTakeFirst();
    if (numUpdatedRows === 0n) return false;
    await db
      .updateTable('file_parts')
      .set({ state: 'writing', started_at: 0 })
      .where('file_id', '=', file.id)
      .where('state', '=', 'stored')
      .execute();
    return true;
  });
}
