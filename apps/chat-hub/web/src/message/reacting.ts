import type { Hub } from '@parley/hub-client';
import type { Message, Reaction } from '@parley/hub-protocol';
import { useSyncExternalStore } from 'react';

/** What somebody wants of reactions that the log does not show yet: by emoji, whether theirs is to be there. */
export type Wishes = ReadonlyMap<string, boolean>;

const none: Wishes = new Map();
const wishes = new Map<string, Wishes>();
const running = new Set<string>();
const listeners = new Set<() => void>();
/** The log tells what was answered; if it does not, what is there is shown. */
const longestMs = 10_000;

function wish(messageId: string, emoji: string, present: boolean | undefined): void {
  const next = new Map(wishes.get(messageId));
  if (present === undefined) next.delete(emoji);
  else next.set(emoji, present);
  if (next.size === 0) wishes.delete(messageId);
  else wishes.set(messageId, next);
  for (const listener of listeners) listener();
}

export function useWishes(messageId: string): Wishes {
  return useSyncExternalStore(
    (listener) => {
      listeners.add(listener);
      return () => void listeners.delete(listener);
    },
    () => wishes.get(messageId) ?? none,
  );
}

/** Reactions as they will be. */
export function withWishes(reactions: readonly Reaction[], wanted: Wishes, me: string): readonly Reaction[] {
  if (wanted.size === 0) return reactions;
  const changed = reactions.map((reaction): Reaction => {
    const present = wanted.get(reaction.emoji);
    if (present === undefined || present === reaction.userIds.includes(me)) return reaction;
    const others = reaction.userIds.filter((id) => id !== me);
    return { ...reaction, userIds: present ? [...others, me] : others };
  });
  const added = [...wanted].flatMap(([emoji, present]): Reaction[] =>
    present && !reactions.some((reaction) => reaction.emoji === emoji) ? [{ emoji, userIds: [me] }] : [],
  );
  return [...changed, ...added].filter(({ userIds }) => userIds.length > 0);
}

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
  const wanted = wishes.get(id)?.get(emoji);
  const isThere = reactions.some((one) => one.emoji === emoji && one.userIds.includes(me));
  wish(id, emoji, !(wanted ?? isThere));
  // Whoever presses on and on is asked about once more when the answer is here.
  const key = `${id} ${emoji}`;
  if (running.has(key)) return;
  running.add(key);
  try {
    for (let present = wishes.get(id)?.get(emoji); present !== undefined;) {
      const params = { channelId, messageId: id, emoji };
      const { seq } = await hub.call(present ? 'addReaction' : 'removeReaction', { params });
      const now = wishes.get(id)?.get(emoji);
      if (now === present) {
        await told(hub, channelId, seq);
        if (wishes.get(id)?.get(emoji) === present) break;
      }
      present = wishes.get(id)?.get(emoji);
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
