import type { Presence, Roster, Typist } from '@parley/hub-protocol';
import type { Member, Roster as Members, TypingNow, UserPresence } from '@parley/presence';

/** Somebody as the protocol tells of them. */
export function seen({ user, ...rest }: Member | UserPresence): Presence {
  const { status, text, emoji, until } = rest;
  return {
    userId: user,
    status,
    customStatus: text ?? null,
    emoji: emoji ?? null,
    until: until ?? null,
    lastSeen: 'lastSeen' in rest ? (rest.lastSeen ?? null) : null,
  };
}

/** Somebody who went, at this moment if it is known. */
export function gone(userId: string, at: number): Presence {
  const lastSeen = at > 0 ? at : null;
  return { userId, status: 'offline', customStatus: null, emoji: null, until: null, lastSeen };
}

/** In the store a typist of a thread is another one than that of the channel around it. */
export function typistName({ userId, threadId }: Typist): string {
  return threadId === null ? userId : `${userId}/${threadId}`;
}

export function typistOf(name: string): Typist {
  const [userId = name, threadId = null] = name.split('/');
  return { userId, threadId };
}

export function rosterOf(channelId: string, present: Members, typing: TypingNow): Roster {
  const { members, users, complete, stale } = present;
  return {
    channelId,
    members: members.map(seen),
    users,
    complete,
    stale: stale || typing.stale,
    typing: typing.users.map(typistOf),
  };
}
