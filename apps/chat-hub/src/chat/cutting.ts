import type { HubEvent } from '@parley/hub-protocol';
import { readText } from '@parley/runtime';
import { commitChange, type Change } from './change.ts';
import type { ChatCore } from './core.ts';
import { lockChannel } from './look.ts';
import { readSilent, type Patience, type Silent } from './silence.ts';
import { messageView, must, threadViews } from './views.ts';

/** Ends a message whose author is gone, with what was heard of it. One that said nothing is taken away. It calls nobody: only its author could say whom. */
export async function cutMessage(
  core: ChatCore,
  { id, channelId }: Pick<Silent, 'id' | 'channelId'>,
  patience: Patience,
): Promise<void> {
  const { value: isOver } = await commitChange(
    core,
    null,
    (session) => lockChannel(core.tables, channelId, session),
    async (change) => {
      const { session, tell } = change;
      // While the channel was waited for, its author may have gone on, or ended it.
      const [silent] = await readSilent(core.tables, patience, { id, on: session });
      if (silent === undefined) return false;
      const { heard, hasFiles } = silent;
      if (!hasFiles && !/\S/.test(heard)) await takeAway(core, change, channelId, id);
      else {
        await session.query(core.tables.statement('message_cut'), [id, heard]);
        tellEdit(tell, must(await messageView(core.tables, id, { on: session }), 'a message'));
      }
      return true;
    },
  );
  if (isOver) core.streams.forget(id);
}

/** Of an edit the log keeps which message it was: the text is kept with the message alone. */
export function tellEdit(
  tell: Change['tell'],
  message: Extract<HubEvent, { type: 'channel.message.edit' }>['message'],
): void {
  const { channelId, id } = message;
  tell(
    { type: 'channel.message.edit', channelId, message },
    { type: 'channel.message.edit', channelId, messageId: id },
  );
}

async function takeAway(core: ChatCore, change: Change, channelId: string, id: string): Promise<void> {
  const { rows } = await change.session.query(core.tables.statement('message_deleted'), [id, change.now]);
  if (rows.length > 0)
    await tellDeleted(core, change, { channelId, id, threadId: readText(rows[0] ?? [], 0) });
}

/** @param threadId empty: it stands in no thread */
export async function tellDeleted(
  core: ChatCore,
  { session, now, tell }: Change,
  { channelId, id, threadId }: { readonly channelId: string; readonly id: string; readonly threadId: string },
): Promise<void> {
  tell({ type: 'channel.message.delete', channelId, messageId: id, deletedAt: now });
  if (threadId === '') return;
  const thread = (await threadViews(core.tables, [threadId], { on: session })).get(threadId);
  if (thread !== undefined) tell({ type: 'thread.update', channelId, threadId, thread });
}
