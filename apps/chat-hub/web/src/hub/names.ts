import type { HubState } from '@parley/hub-client';
import type { Channel, User } from '@parley/hub-protocol';

/** What somebody is called, also before the hub has told of them. */
export const nameOf = (user: User | undefined): string => user?.displayName ?? 'Somebody';

/** A channel that is read anew has no members for a moment: its name would flicker. */
const remembered = new Map<string, readonly string[]>();

/** Who else is in a channel, by their ids. Undefined: its members were never read. */
export function othersIn(channelId: string, { channels, me }: HubState): readonly string[] | undefined {
  const members = channels.get(channelId)?.members;
  if (members === undefined) return remembered.get(channelId);
  const others = [...members.keys()].filter((id) => id !== me);
  const before = remembered.get(channelId);
  if (before?.length === others.length && before.every((id, at) => id === others[at])) return before;
  remembered.set(channelId, others);
  return others;
}

/** What a channel is called: by its name, or by who is in it. */
export function titleOf(channel: Channel, state: HubState): string {
  if (channel.name !== null) return channel.name;
  const names = (othersIn(channel.id, state) ?? []).map((id) => nameOf(state.users.get(id)));
  return names.length === 0 ? 'Conversation' : names.join(', ');
}
