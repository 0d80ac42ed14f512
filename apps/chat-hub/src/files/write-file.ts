import { createHash } from 'node:crypto';
import { HubError, limits, type File } from '@parley/hub-protocol';
import type { Caller } from '../access/caller.ts';
import type { Call } from '../chat/chat.ts';
import { unkeptMs, writingMs, type FileCore } from './file-core.ts';
import type { ExpectedPart, Part } from './files.ts';
import { lookFile, lookUpload } from './look-file.ts';
import { dropPart, writePart } from './parts.ts';

/**
 * Whether a part may come, before its bytes are there.
 *
 * @throws {HubError} what `writeFile` would say of its place
 */
export async function expectPart(
  { chat }: Pick<FileCore, 'chat'>,
  caller: Caller,
  fileId: string,
  { offset, length }: ExpectedPart,
  call: Call = {},
): Promise<void> {
  const { file } = await lookUpload(chat, caller, fileId, call);
  // One that is there already is taken for done, and how long this one is may not be known yet.
  const isThere = offset < file.received && (length === undefined || offset + length <= file.received);
  if (offset !== file.received && !isThere) throw goOnAt(file.received);
}

/**
 * Adds a part to a file. What is there already is taken for done, so that a part may be sent again by who was not told what became of it; of two
 * who write the same at once, one does.
 */
export async function writeFile(
  core: FileCore,
  caller: Caller,
  fileId: string,
  part: Part,
  call: Call = {},
): Promise<File> {
  const { file } = await lookUpload(core.chat, caller, fileId, call);
  const end = part.offset + part.bytes.length;
  requireWhole(part, end, file.size);
  if (end <= file.received) return file;
  if (part.offset !== file.received) throw goOnAt(file.received);
  const key = await writePart(core, fileId, part.offset, part.bytes, call);
  const { tables, clock } = core.chat;
  const now = clock.now();
  const { rows } = await tables.db.query(
    tables.statement('file_stored'),
    [key, fileId, part.offset, part.bytes.length, now + unkeptMs, now - writingMs / 2],
    call,
  );
  // Somebody was faster, or deleted the file. Where this fails, the collector finds it.
  if (rows.length === 0) await dropPart(core, key).catch(() => undefined);
  const { file: after } = await lookFile(core.chat, caller, fileId, call);
  if (rows.length > 0) return after;
  if (end <= after.received) return after;
  throw goOnAt(after.received);
}

function requireWhole({ bytes, offset, sha256 }: Part, end: number, size: number): void {
  if (bytes.length === 0 || end > size)
    throw new HubError('INVALID', `the part must have bytes, and end within the ${size} of the file`, {
      field: 'offset',
    });
  if (bytes.length < limits.filePartMin && end < size)
    throw new HubError(
      'INVALID',
      `each part but the last must have at least ${limits.filePartMin} bytes, and this one at ${offset} has ${bytes.length}`,
      { field: 'offset' },
    );
  if (sha256 !== undefined && !createHash('sha256').update(bytes).digest().equals(sha256))
    throw new HubError('INVALID', 'content-digest must be that of the part: it came in wrong', {
      field: 'content-digest',
    });
}

function goOnAt(received: number): HubError {
  return new HubError('CONFLICT', `the hub has ${received} bytes of the file: go on there`, {
    field: 'offset',
  });
}
