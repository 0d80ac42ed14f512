import type { ChannelState, HubState } from '@parley/hub-client';
import type { Channel, NotificationLevel } from '@parley/hub-protocol';
import { useHubState } from '../hub/context.ts';

/** How each is called. */
export const levelNames: Readonly<Record<NotificationLevel, string>> = {
  all: 'Every message',
  mentions: 'Mentions only',
  muted: 'Nothing',
};

/** What is told where nothing is chosen: everything of a conversation, and of a room what somebody chose for all rooms. */
export function usualLevel(
  { kind }: Pick<Channel, 'kind'>,
  defaultLevel: NotificationLevel | null,
): NotificationLevel {
  return kind === 'direct' || kind === 'group' ? 'all' : (defaultLevel ?? 'mentions');
}

/** Of what somebody wants to be told in a channel. */
export function levelOf({ channels, defaultLevel }: HubState, channelId: string): NotificationLevel {
  const state = channels.get(channelId);
  if (state === undefined) return 'mentions';
  return state.reading.level ?? usualLevel(state.channel, defaultLevel);
}

export function useLevel(channelId: string): NotificationLevel {
  return useHubState((state) => levelOf(state, channelId));
}

/** What of a channel waits to be counted with a number: where only mentions are told, and where nothing is, those alone. */
function countOf({ reading }: Pick<ChannelState, 'reading'>, level: NotificationLevel): number {
  return level === 'all' ? Math.max(reading.unread, reading.mentions) : reading.mentions;
}

/** The same of all channels together. */
export function countAll(state: HubState): number {
  let count = 0;
  for (const [channelId, channel] of state.channels) count += countOf(channel, levelOf(state, channelId));
  return count;
}
