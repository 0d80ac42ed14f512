import { HubError } from '@parley/hub-protocol';
import type { Call, Draft } from './chat.ts';
import type { ChatCore } from './core.ts';
import { readPlaces } from './places.ts';

/** What a message points at must be in its channel; a thread begins at a message that is in none itself. */
export async function checkReferences(
  core: ChatCore,
  channelId: string,
  { threadId, replyTo, causedBy }: Draft,
  call: Call = {},
): Promise<void> {
  const given = { threadId, replyTo, causedBy };
  const ids = Object.values(given).filter((id) => id !== undefined);
  if (ids.length === 0) return;
  const places = await readPlaces(core.tables, ids, call);
  for (const [field, id] of Object.entries(given)) {
    if (id === undefined) continue;
    const place = places.get(id);
    // What an agent answers may have been said elsewhere.
    if (place === undefined || (place.channelId !== channelId && field !== 'causedBy')) {
      throw new HubError('NOT_FOUND', `${field} must be a message of this channel`, { field });
    }
    if (field !== 'threadId') continue;
    if (place.threadId !== undefined || place.kind !== 'message') {
      throw new HubError('INVALID', 'threadId must be the message that its thread begins with', { field });
    }
    if (place.deleted)
      throw new HubError('GONE', 'the message that the thread begins with is deleted', { field });
  }
}
