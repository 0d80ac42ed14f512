import { useEffect, useMemo, useState } from 'react';
import { useHubState, useSession, useUser } from '../hub/context.ts';
import { standingOf, type Standing } from './standing.ts';

/** Longer than this no timer of a browser waits. */
const longestMs = 2_000_000_000;

/** What one may do in a channel. It is told anew only when that has changed, however much is said there. */
export function useStanding(channelId: string): Standing {
  const { userId } = useSession();
  const kind = useHubState(({ channels }) => channels.get(channelId)?.channel.kind);
  const archivedAt = useHubState(({ channels }) => channels.get(channelId)?.channel.archivedAt);
  const frozenAt = useHubState(({ channels }) => channels.get(channelId)?.channel.frozenAt);
  const member = useHubState(({ channels }) => channels.get(channelId)?.members?.get(userId));
  const me = useUser(userId);
  const [turn, setTurn] = useState(0);
  const standing = useMemo(() => {
    const channel = kind && { kind, archivedAt: archivedAt ?? null, frozenAt };
    return standingOf({ channel, member, me, now: Date.now() });
    // A time that has passed is looked at again.
  }, [kind, archivedAt, frozenAt, member, me, turn]);
  const { until } = standing;
  useEffect(() => {
    if (until === undefined) return undefined;
    const wait = Math.min(longestMs, Math.max(0, until - Date.now()) + 50);
    const timer = setTimeout(() => setTurn((before) => before + 1), wait);
    return () => clearTimeout(timer);
  }, [until, turn]);
  return standing;
}
