import { HubError, type File } from '@parley/hub-protocol';
import { readCount, readFlag, readText, type Queries } from '@parley/runtime';
import type { Caller } from '../access/caller.ts';
import type { Call } from '../chat/chat.ts';
import type { ChatCore } from '../chat/core.ts';
import { admit, look, type Seen } from '../chat/look.ts';
import { fromView } from '../chat/views.ts';
import { noFile } from './file-core.ts';

/** A file as a decision about it sees it. */
export interface SeenFile {
  readonly file: File;
  /** A message that is not deleted has it. */
  readonly attached: boolean;
  readonly own: boolean;
  /** How often the upload was begun anew. */
  readonly attempt: number;
}

export async function findFile(
  { tables }: ChatCore,
  caller: Caller,
  fileId: string,
  { on = tables.db, signal }: Call & { readonly on?: Queries } = {},
): Promise<SeenFile> {
  const { rows } = await on.query(tables.statement('file_look'), [fileId], { signal });
  const [row] = rows;
  if (row === undefined) throw noFile(fileId);
  const attached = readFlag(row, 5);
  const own = readText(row, 1) === caller.userId;
  // What was not sent yet is a draft.
  if (!attached && !own) throw noFile(fileId);
  const file = fromView<File>(readText(row, 6));
  return {
    file: { ...file, size: readCount(row, 3), received: readCount(row, 4) },
    attached,
    own,
    attempt: readCount(row, 7),
  };
}

/**
 * The file and its channel, for who may see both. Always asked of the database: who was removed a moment ago reads nothing more.
 *
 * @throws {HubError} `NOT_FOUND`
 */
export async function lookFile(
  core: ChatCore,
  caller: Caller,
  fileId: string,
  call: Call = {},
): Promise<SeenFile & { readonly seen: Seen }> {
  const found = await findFile(core, caller, fileId, call);
  const seen = await hidden(look(core.tables, caller, found.file.channelId, call), fileId);
  admit(seen, 'channel.read');
  return { ...found, seen };
}

/** To who may not see its channel, a file is as unknown as one that never was. */
export function hidden<T>(work: Promise<T>, fileId: string): Promise<T> {
  return work.catch((error: unknown) => {
    throw error instanceof HubError && error.field === 'channelId' ? noFile(fileId) : error;
  });
}

/** An upload of the caller, who may still send to its channel. */
export async function lookUpload(
  core: ChatCore,
  caller: Caller,
  fileId: string,
  call?: Call,
): Promise<SeenFile> {
  const { seen, ...found } = await lookFile(core, caller, fileId, call);
  if (!found.own) throw new HubError('FORBIDDEN', 'only who began an upload may go on with it');
  admit(seen, 'message.send');
  return found;
}
