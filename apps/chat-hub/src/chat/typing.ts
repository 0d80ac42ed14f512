import { channelAddress, type ClientFrameOf } from '@parley/hub-protocol';
import type { Caller } from '../access/caller.ts';
import type { Call } from './chat.ts';
import type { ChatCore } from './core.ts';
import { admit, look } from './look.ts';

export type Typing = Pick<ClientFrameOf<'typing'>, 'state' | 'threadId'>;

/** Tells the channel that somebody types, or ceased to: for who may say there what they type. */
export async function tellTyping(
  { tables, feed }: ChatCore,
  caller: Caller,
  channelId: string,
  { state, threadId }: Typing,
  call: Call = {},
): Promise<void> {
  admit(await look(tables, caller, channelId, call), 'message.send');
  feed.moment({
    event: { type: 'channel.typing', channelId, userId: caller.userId, state, threadId: threadId ?? null },
    actorId: caller.userId,
    channelId,
    to: channelAddress(channelId),
  });
}
