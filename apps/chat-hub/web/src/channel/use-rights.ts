import type { Channel, Member } from '@parley/hub-protocol';
import { useEffect, useMemo, useState, useSyncExternalStore } from 'react';
import { useHubState, useSession, useUser } from '../hub/context.ts';
import { ownMembersOf } from './own-members.ts';
import { rightsIn, type Rights } from './rights.ts';

/** A timer of a browser counts no further. */
const longest = 2 ** 31 - 1;

export function useChannel(channelId: string | undefined): Channel | undefined {
  return useHubState(({ channels }) =>
    channelId === undefined ? undefined : channels.get(channelId)?.channel,
  );
}

/** What one is in a channel. */
function useOwnMember(channelId: string): Member | undefined {
  const { hub, userId } = useSession();
  const listed = useHubState(({ channels }) => channels.get(channelId)?.members?.get(userId));
  const isLive = useHubState(({ connection }) => connection.phase === 'live');
  const own = ownMembersOf(hub);
  const asked = useSyncExternalStore(own.subscribe, () => own.get(channelId));
  // What happened while there was no connection may be in no event.
  useEffect(() => {
    if (isLive) own.read(channelId);
  }, [own, channelId, isLive]);
  return listed ?? asked ?? undefined;
}

/** What is offered to whoever looks. Undefined: not known yet. */
export function useRights(channelId: string): Rights | undefined {
  const { userId, scopes } = useSession();
  const channel = useChannel(channelId);
  const user = useUser(userId);
  const member = useOwnMember(channelId);
  const now = useTurningPoint([member?.muted?.until, user?.timeoutUntil]);
  return useMemo(
    () => (channel && user ? rightsIn(channel, { user, member, scopes }, now) : undefined),
    [channel, user, member, scopes, now],
  );
}

/** The time, told anew when one of these moments has come. */
function useTurningPoint(moments: ReadonlyArray<number | null | undefined>): number {
  const [now, setNow] = useState(() => Date.now());
  const next = Math.min(...moments.map((moment) => (moment != null && moment > now ? moment : Infinity)));
  useEffect(() => {
    if (next === Infinity) return undefined;
    const timer = setTimeout(() => setNow(Date.now()), Math.min(longest, next - Date.now() + 50));
    return () => clearTimeout(timer);
  }, [next, now]);
  return now;
}
