import { HubError, type Message } from '@parley/hub-protocol';
import type { Caller } from '../../access/caller.ts';
import type { Call, Chat } from '../../chat/chat.ts';

/** The message, where it stands in the channel that the address names: an address that is wrong must not work by half of it. */
export async function messageIn(
  { messages }: Chat,
  caller: Caller,
  { channelId, messageId }: { readonly channelId: string; readonly messageId: string },
  call: Call,
): Promise<Message> {
  const message = await messages.read(caller, messageId, call);
  if (message.channelId === channelId) return message;
  throw new HubError('NOT_FOUND', 'no message of this channel has this id', { field: 'messageId' });
}
