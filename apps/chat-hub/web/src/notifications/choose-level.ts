import type { Hub } from '@parley/hub-client';
import type { NotificationLevel } from '@parley/hub-protocol';

/** What stands in a list of levels for choosing none. */
export const asUsual = 'usual';

export const levels: readonly NotificationLevel[] = ['all', 'mentions', 'muted'];

/** The level of a word in such a list. */
export const levelIn = (word: unknown): NotificationLevel | null =>
  levels.find((level) => level === word) ?? null;

/** Chooses for a channel. The hub tells all pages of it, this one as well. */
export async function chooseLevel(
  hub: Hub,
  channelId: string,
  level: NotificationLevel | null,
): Promise<void> {
  await hub.call('setNotifications', { params: { channelId }, body: { level } });
}
