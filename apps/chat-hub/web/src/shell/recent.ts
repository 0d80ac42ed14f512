import { keep, readKept } from '../hub/keep.ts';

const most = 30;

/** Where one was lately, the last one first: kept for each who signs in here. */
export function recentChannels(userId: string): readonly string[] {
  const kept = readKept(`parley.recent.${userId}`);
  return Array.isArray(kept) ? kept.filter((id) => typeof id === 'string') : [];
}

export function noteChannel(userId: string, channelId: string): void {
  const others = recentChannels(userId).filter((id) => id !== channelId);
  keep(`parley.recent.${userId}`, [channelId, ...others].slice(0, most));
}
