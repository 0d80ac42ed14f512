import type { Hub, RosterState } from '@parley/hub-client';
import type { Roster } from '@parley/hub-protocol';
import { expect } from 'vitest';
import type { Room } from './room.ts';
import { ada } from './values.ts';

/** What the client shows of a channel, and what it must show. */
export function expectSame(hub: Hub, room: Room): void {
  const shown = hub.snapshot().channels.get(room.channel.id);
  expect(shown).toBeDefined();
  if (shown === undefined) return;
  expect(shown.position).toBe(room.head);
  expect(shown.current).toBe(true);
  const timeline = room.timeline();
  expect(shown.messages).toEqual(timeline.slice(timeline.length - shown.messages.length));
  expect(shown.older || shown.messages.length === timeline.length).toBe(true);
  for (const [root, { messages, complete }] of shown.threads) {
    const replies = [...room.messages.values()].filter(({ threadId }) => threadId === root);
    expect(messages).toEqual(complete ? replies : replies.slice(-messages.length));
  }
  expect({ ...shown.channel, seq: room.head }).toEqual({ ...room.channel, seq: room.head });
  if (shown.members !== undefined)
    expect(new Set(shown.members.keys())).toEqual(new Set(room.members.keys()));
  expect(shown.reading.unread).toBe(room.unread(ada));
  expect(shown.outgoing).toEqual([]);
}

/** What the client shows of who is here, and what it must show. */
export function expectSameRoster(shown: RosterState | undefined, isWatched: boolean, roster: Roster): void {
  const { members, users, complete, stale, typing } = roster;
  const byUser = new Map(members.map((member) => [member.userId, member]));
  expect(shown).toEqual(isWatched ? { members: byUser, users, complete, stale, typing } : undefined);
}
