import type { CallRoute } from '@parley/hub-client';
import { limits, type Presence } from '@parley/hub-protocol';

/** How users are seen, however many they are. */
export async function presencesOf(call: CallRoute, ids: readonly string[]): Promise<Presence[]> {
  const found: Presence[] = [];
  for (let from = 0; from < ids.length; from += limits.presences) {
    const userIds = ids.slice(from, from + limits.presences);
    found.push(...(await call('listPresences', { query: { userIds } })).items);
  }
  return found;
}
