import type { Hub } from '@parley/hub-client';
import type { Member } from '@parley/hub-protocol';

/** What one is in channels, without the list of all who are in them. */
export interface OwnMembers {
  readonly subscribe: (listener: () => void) => () => void;
  /** Null: one is not in it. Undefined: that is not known yet. */
  readonly get: (channelId: string) => Member | null | undefined;
  /** Asks the hub anew. What goes wrong is asked again with the next connection. */
  readonly read: (channelId: string) => void;
}

const ofHubs = new WeakMap<Hub, OwnMembers>();

export function ownMembersOf(hub: Hub): OwnMembers {
  const known = ofHubs.get(hub) ?? createOwnMembers(hub);
  ofHubs.set(hub, known);
  return known;
}

function createOwnMembers(hub: Hub): OwnMembers {
  const members = new Map<string, Member | null>();
  /** Counts what was heard, so that an answer that is older than it is not taken. */
  const heard = new Map<string, number>();
  const reading = new Set<string>();
  const listeners = new Set<() => void>();

  const put = (channelId: string, member: Member | null): void => {
    members.set(channelId, member);
    for (const listener of listeners) listener();
  };
  const hear = (channelId: string, userId: string, member: Member | null): void => {
    if (userId !== hub.snapshot().me) return;
    heard.set(channelId, (heard.get(channelId) ?? 0) + 1);
    put(channelId, member);
  };
  hub.on('channel.member.join', ({ channelId, member }) => hear(channelId, member.userId, member));
  hub.on('channel.member.update', ({ channelId, member }) => hear(channelId, member.userId, member));
  hub.on('channel.member.leave', ({ channelId, userId }) => hear(channelId, userId, null));

  const read = async (channelId: string): Promise<void> => {
    if (reading.has(channelId)) return;
    reading.add(channelId);
    const before = heard.get(channelId);
    try {
      const { member } = await hub.call('readChannel', { params: { channelId } });
      if (heard.get(channelId) === before) put(channelId, member);
    } finally {
      reading.delete(channelId);
    }
  };
  return {
    subscribe(listener) {
      listeners.add(listener);
      return () => void listeners.delete(listener);
    },
    get: (channelId) => members.get(channelId),
    read: (channelId) => void read(channelId).catch(() => {}),
  };
}
