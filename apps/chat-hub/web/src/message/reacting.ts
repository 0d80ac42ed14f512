import type { Hub } from '@parley/hub-client';
import type { Message } from '@parley/hub-protocol';
import { wish, wishesOf } from './wishes.ts';

const running = new Set<string>();
/** The log tells what was answered; if it does not, what is there is shown. */
const longestMs = 10_000;

/**
 * Adds one's reaction, or takes it back: it is shown at once, and undone when the hub refuses.
 *
 * @throws {HubError}
 */
export async function toggleReaction(
  hub: Hub,
  { id, channelId, reactions }: Pick<Message, 'id' | 'channelId' | 'reactions'>,
  emoji: string,
  me: string,
): Promise<void> {
  const wanted = wishesOf(id).get(emoji);
  const isThere = reactions.some((one) => one.emoji === emoji && one.userIds.includes(me));
  wish(id, emoji, !(wanted ?? isThere));
  // Whoever presses on and on is asked about once more when the answer is here.
  const key = `${id} ${emoji}`;
  if (running.has(key)) return;
  running.add(key);
  try {
    for (let present = wishesOf(id).get(emoji); present !== undefined;) {
      const params = { channelId, messageId: id, emoji };
      const { seq } = await hub.call(present ? 'addReaction' : 'removeReaction', { params });
      const now = wishesOf(id).get(emoji);
      if (now === present) {
        await told(hub, channelId, seq);
        if (wishesOf(id).get(emoji) === present) break;
      }
      present = wishesOf(id).get(emoji);
    }
  } finally {
    running.delete(key);
    wish(id, emoji, undefined);
  }
}

/** Until the page shows what was written under a number of the log. */
function told(hub: Hub, channelId: string, seq: number | null): Promise<void> {
  const isTold = (): boolean => {
    const state = hub.snapshot().channels.get(channelId);
    return state === undefined || seq === null || state.position >= seq;
  };
  return new Promise((resolve) => {
    if (isTold()) {
      resolve();
      return;
    }
    const end = (): void => {
      clearTimeout(timer);
      stop();
      resolve();
    };
    const timer = setTimeout(end, longestMs);
    const stop = hub.subscribe(() => isTold() && end());
  });
}
