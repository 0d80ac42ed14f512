import type { ChannelState } from '@parley/hub-client';
import type { Message } from '@parley/hub-protocol';

/** What somebody said last at a place, as far as it can be changed. */
export function lastOwn(
  state: ChannelState | undefined,
  userId: string,
  threadId: string | null,
): Message | undefined {
  const messages = threadId === null ? state?.messages : state?.threads.get(threadId)?.messages;
  return messages?.findLast(
    ({ senderId, kind, deletedAt, streaming }) =>
      senderId === userId && kind === 'message' && deletedAt === null && streaming !== 'open',
  );
}
