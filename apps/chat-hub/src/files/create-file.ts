import { HubError, type File } from '@parley/hub-protocol';
import { readText } from '@parley/runtime';
import type { Kysely } from 'kysely';
import type { Caller } from '../access/caller.ts';
import type { Call } from '../chat/chat.ts';
import { fromView, must } from '../chat/views.ts';
import { newId } from '../database/ids.ts';
import type { Tables } from '../database/tables.ts';
import { unkeptMs, type FileCore } from './file-core.ts';
import type { NewFile } from './files.ts';
import { lockUsage, takeRoom } from './usage.ts';

/** Begins an upload to a channel that the caller may send to, and takes the room for all of it. */
export async function createFile(
  { chat, bounds }: FileCore,
  caller: Caller,
  channelId: string,
  file: NewFile,
  call: Call = {},
): Promise<File> {
  if (file.size > bounds.largest)
    throw new HubError('TOO_LARGE', `a file has at most ${bounds.largest} bytes here`, { field: 'size' });
  const id = await chat.tables.db.transaction(async (session) => {
    const db = chat.tables.kysely<Tables>(session);
    // It also keeps those apart who begin the same twice.
    await lockUsage(db);
    const known = await begun(db, caller, file.clientId);
    if (known !== undefined) return known;
    await takeRoom(db, caller.userId, file.size, bounds);
    const now = chat.clock.now();
    const row = {
      id: newId(now),
      channel_id: channelId,
      user_id: caller.userId,
      client_id: file.clientId,
      name: file.name,
      size: file.size,
      received: 0,
      created_at: now,
      kept_until: now + unkeptMs,
    };
    await db.insertInto('files').values(row).execute();
    return row.id;
  }, call);
  const { rows } = await chat.tables.db.query(chat.tables.statement('file_look'), [id], call);
  const made = fromView<File>(readText(must(rows[0], 'a file'), 6));
  if (made.channelId === channelId && made.name === file.name && made.size === file.size) return made;
  throw new HubError('CLIENT_ID_REUSED', 'this clientId belongs to another file', { field: 'clientId' });
}

async function begun(db: Kysely<Tables>, caller: Caller, clientId: string): Promise<string | undefined> {
  const row = await db
    .selectFrom('files')
    .select('id')
    .where('user_id', '=', caller.userId)
    .where('client_id', '=', clientId)
    .where('deleted_at', 'is', null)
    .executeTakeFirst();
  return row?.id;
}
