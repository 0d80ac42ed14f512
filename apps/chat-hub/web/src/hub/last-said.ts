import type { ChannelState } from '@parley/hub-client';

/** When something was last said in a conversation, for the order in which they are shown. */
export function lastSaid({ channel, messages }: Pick<ChannelState, 'channel' | 'messages'>): number {
  return Math.max(channel.lastMessageAt ?? channel.createdAt, messages.at(-1)?.timestamp ?? 0);
}
