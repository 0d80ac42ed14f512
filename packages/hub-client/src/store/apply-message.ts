import type { HubEvent, Message, UnknownEvent } from '@parley/hub-protocol';
import type { Rows } from './rows.ts';

/** Does to the messages what an event says, and answers those that are another now. */
export function applyToMessages(rows: Rows, event: HubEvent | UnknownEvent, seq: number): Message[] {
  const change = (id: string, how: Parameters<Rows['change']>[2]): Message[] => {
    const changed = rows.change(id, seq, how);
    return changed === undefined ? [] : [changed];
  };
  const { type } = event;
  if (type === 'channel.message') return rows.put([event.message], seq);
  if (type === 'thread.message')
    return [...rows.put([event.message], seq), ...change(event.threadId, { thread: event.thread })];
  if (type === 'thread.create' || type === 'thread.update')
    return change(event.threadId, { thread: event.thread });
  if (type === 'channel.message.edit') return change(event.message.id, event.message);
  if (type === 'channel.message.delete')
    return change(event.messageId, ({ streaming, files }) => ({
      ...(files && { files: [] }),
      content: '',
      data: null,
      reactions: [],
      pinnedAt: null,
      deletedAt: event.deletedAt,
      streaming: streaming === 'open' ? 'done' : streaming,
    }));
  if (type === 'channel.message.pin') return change(event.messageId, { pinnedAt: event.pinnedAt });
  if (type === 'channel.message.unpin') return change(event.messageId, { pinnedAt: null });
  if (type === 'channel.reaction.add' || type === 'channel.reaction.remove') {
    const { emoji, userId, messageId } = event;
    return change(messageId, ({ reactions }) => ({
      reactions: react(reactions, emoji, userId, type === 'channel.reaction.add'),
    }));
  }
  return [];
}

/** Reactions are sets: what is there is not added again, and the order of who came is kept. */
function react(
  reactions: Message['reactions'],
  emoji: string,
  userId: string,
  there: boolean,
): Message['reactions'] {
  const known = reactions.find((reaction) => reaction.emoji === emoji);
  const others = (known?.userIds ?? []).filter((id) => id !== userId);
  if (there && known === undefined) return [...reactions, { emoji, userIds: [userId] }];
  if (there && known?.userIds.includes(userId) === true) return reactions;
  const userIds = there ? [...others, userId] : others;
  return reactions
    .map((reaction) => (reaction === known ? { emoji, userIds } : reaction))
    .filter((reaction) => reaction.userIds.length > 0);
}
