import type { Agent, Channel, Member, Message, Presence, User } from '@parley/hub-protocol';

export const at = 1_708_554_000_000;

/** The same id for the same number, in the form of the hub's. */
export function idOf(n: number): string {
  return `018dcd8a-0b80-7c4e-9a51-${n.toString(16).padStart(12, '0')}`;
}

export const ada = idOf(1);
export const bot = idOf(2);
export const general = idOf(10);
export const random = idOf(11);

export function userOf(id: string, handle: string): User {
  return {
    id,
    kind: 'person',
    handle,
    displayName: handle,
    avatar: null,
    bio: '',
    role: 'member',
    ownerId: null,
    model: null,
    capabilities: [],
    createdAt: at,
    deactivatedAt: null,
  };
}

export function channelOf(id: string, name: string): Channel {
  return {
    id,
    kind: 'public',
    name,
    topic: '',
    description: '',
    createdBy: ada,
    createdAt: at,
    archivedAt: null,
    seq: 0,
    rev: 0,
    memberCount: 2,
  };
}

export function memberOf(channelId: string, userId: string): Member {
  return { channelId, userId, role: 'member', joinedAt: at, invitedBy: null };
}

export function messageOf(
  given: Pick<Message, 'id' | 'channelId' | 'seq' | 'content'> & Partial<Message>,
): Message {
  return {
    kind: 'message',
    senderId: bot,
    timestamp: at + given.seq,
    threadId: null,
    replyTo: null,
    mentions: { users: [], roles: [], here: false },
    reactions: [],
    editedAt: null,
    deletedAt: null,
    pinnedAt: null,
    thread: null,
    turnId: null,
    causedBy: null,
    streaming: 'none',
    model: null,
    data: null,
    clientId: null,
    ...given,
  };
}

export function presenceOf(userId: string, given: Partial<Presence> = {}): Presence {
  return { userId, status: 'online', customStatus: null, emoji: null, until: null, lastSeen: null, ...given };
}

export function agentOf(userId: string, given: Partial<Agent> = {}): Agent {
  return { userId, online: true, capabilities: [], model: null, ownerId: null, load: null, ...given };
}
