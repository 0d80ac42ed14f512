import type { HubState } from '@parley/hub-client';
import type { Channel, User } from '@parley/hub-protocol';

/** What somebody is called, also before the hub has told of them. */
export const nameOf = (user: User | undefined): string => user?.displayName ?? 'Somebody';

/** What a channel is called: by its name, or by who is in it. */
export function titleOf(channel: Channel, state: HubState): string {
  if (channel.name !== null) return channel.name;
  const others = [...(state.channels.get(channel.id)?.members?.keys() ?? [])].filter((id) => id !== state.me);
  const names = others.map((id) => nameOf(state.users.get(id)));
  return names.length === 0 ? 'Conversation' : names.join(', ');
}
