import type { Reaction } from '@parley/hub-protocol';
import { useSyncExternalStore } from 'react';

/** What somebody wants of reactions that the log does not show yet: by emoji, whether theirs is to be there. */
export type Wishes = ReadonlyMap<string, boolean>;

const none: Wishes = new Map();
const wishes = new Map<string, Wishes>();
const listeners = new Set<() => void>();

/** Notes what somebody wants; undefined: nothing any more. */
export function wish(messageId: string, emoji: string, present: boolean | undefined): void {
  const next = new Map(wishes.get(messageId));
  if (present === undefined) next.delete(emoji);
  else next.set(emoji, present);
  if (next.size === 0) wishes.delete(messageId);
  else wishes.set(messageId, next);
  for (const listener of listeners) listener();
}

export const wishesOf = (messageId: string): Wishes => wishes.get(messageId) ?? none;

export function useWishes(messageId: string): Wishes {
  return useSyncExternalStore(
    (listener) => {
      listeners.add(listener);
      return () => void listeners.delete(listener);
    },
    () => wishesOf(messageId),
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
