import type { Hub } from '@parley/hub-client';
import { go } from '../shell/place.ts';

/** Goes to the conversation with these, which is made when there is none. */
export async function openDirect(hub: Hub, userIds: readonly string[]): Promise<void> {
  const { id } = await hub.call('openDirect', { body: { userIds: [...userIds] } });
  go({ view: 'channel', channelId: id });
}
