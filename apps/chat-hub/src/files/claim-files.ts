import { HubError, type File } from '@parley/hub-protocol';
import { readFlag, readText, uuidArray } from '@parley/runtime';
import type { Caller } from '../access/caller.ts';
import type { Call } from '../chat/chat.ts';
import type { ChatCore } from '../chat/core.ts';
import { fromView } from '../chat/views.ts';
import { mostMessages, unkeptMs } from './file-core.ts';

/** Files that a message is to have. They are the sender's own, uploaded to its channel, and stay at least until it is sent. */
export async function claimFiles(
  { tables, clock }: ChatCore,
  caller: Caller,
  channelId: string,
  ids: readonly string[],
  call: Call = {},
): Promise<File[]> {
  const wanted = [...new Set(ids)];
  const { rows } = await tables.db.query(
    tables.statement('file_claim'),
    [uuidArray(wanted), channelId, caller.userId, clock.now() + unkeptMs, mostMessages],
    call,
  );
  if (rows.some((row) => readFlag(row, 2)))
    throw new HubError('INVALID', `a file is in at most ${mostMessages} messages: upload it anew`, {
      field: 'files',
    });
  const there = new Map(rows.map((row) => [readText(row, 0), fromView<File>(readText(row, 1))]));
  return wanted.map((id) => {
    const file = there.get(id);
    if (file !== undefined) return file;
    throw new HubError('NOT_FOUND', 'files must be your own, uploaded to this channel and finished', {
      field: 'files',
    });
  });
}
