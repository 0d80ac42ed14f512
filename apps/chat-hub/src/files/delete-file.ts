import { HubError } from '@parley/hub-protocol';
import { noteAudit } from '../audit/note.ts';
import type { Caller } from '../access/caller.ts';
import { commitChange, type Change } from '../chat/change.ts';
import type { Call } from '../chat/chat.ts';
import { admit, lockChannel, look } from '../chat/look.ts';
import { messageView } from '../chat/views.ts';
import { noFile, type FileCore } from './file-core.ts';
import { findFile, hidden, lookFile } from './look-file.ts';
import { giveRoom } from './usage.ts';

/**
 * Deletes a file; messages that had it are told anew, without it. Whoever uploaded it may do so wherever they are by now: the room that it takes
 * is theirs.
 */
export async function deleteFile(
  core: FileCore,
  caller: Caller,
  fileId: string,
  call: Call = {},
): Promise<void> {
  const { chat } = core;
  const { file, own } = await findFile(chat, caller, fileId, call);
  if (!own) await lookFile(chat, caller, fileId, call);
  const { channelId } = file;
  const changed = commitChange(
    chat,
    caller.userId,
    (session) =>
      own
        ? lockChannel(chat.tables, channelId, session, caller.kind)
        : look(chat.tables, caller, channelId, { on: session, lock: true, ...call }),
    (change) => remove(core, caller, file, { own, change }, call),
    call,
  );
  await hidden(changed, fileId);
  core.sweeper.sweep(fileId);
}

async function remove(
  { chat }: FileCore,
  caller: Caller,
  {
    id: fileId,
    channelId,
    userId,
  }: { readonly id: string; readonly channelId: string; readonly userId: string },
  { own, change }: { readonly own: boolean; readonly change: Change },
  call: Call,
): Promise<void> {
  const { seen, session, db, now, tell } = change;
  // Perhaps it was in a message a moment ago, and is no more.
  await findFile(chat, caller, fileId, { ...call, on: session });
  if (own && seen.silenced === 'frozen')
    throw new HubError('FORBIDDEN', 'the channel is frozen, and only people change anything');
  if (!own) {
    admit(seen, 'message.delete.any');
    const about = { subjectId: fileId, channelId, details: { ownerId: userId } };
    await noteAudit(db, { action: 'file.remove', actor: caller, ...about });
  }
  const gone = await db
    .updateTable('files')
    .set({ deleted_at: now, kept_until: null })
    .where('id', '=', fileId)
    .where('deleted_at', 'is', null)
    .returning(['user_id', 'size'])
    .execute();
  if (gone.length === 0) throw noFile(fileId);
  const messages = await db
    .selectFrom('attachments')
    .innerJoin('messages', 'messages.id', 'attachments.message_id')
    .select('messages.id')
    .where('attachments.file_id', '=', fileId)
    .where('messages.deleted_at', 'is', null)
    .execute();
  for (const { id } of messages) {
    const message = await messageView(chat.tables, id, { on: session });
    if (message === undefined) continue;
    tell(
      { type: 'channel.message.edit', channelId, message },
      { type: 'channel.message.edit', channelId, messageId: id },
    );
  }
  // Last of all, as every upload of anybody waits for it.
  await giveRoom(db, gone);
}
