import { useEffect, useState } from 'react';
import { useHubState, useSession, useUser } from '../hub/context.ts';

/** In how many seconds one may write again, in a channel that was slowed down. 0: now. */
export function useSlowMode(channelId: string): number {
  const { userId } = useSession();
  const role = useUser(userId)?.role;
  const seconds = useHubState(({ channels }) => {
    const state = channels.get(channelId);
    const own = state?.members?.get(userId)?.role;
    const manages = [role, own].some((one) => one === 'owner' || one === 'admin');
    return manages ? 0 : (state?.channel.slowSeconds ?? 0);
  });
  const last = useHubState(({ channels }) => {
    const state = channels.get(channelId);
    if (state === undefined || seconds === 0) return 0;
    const latest = state.messages.findLast(({ senderId }) => senderId === userId)?.timestamp ?? 0;
    const under = state.outgoing.filter(({ state }) => state !== 'failed');
    return Math.max(latest, ...under.map(({ timestamp }) => timestamp));
  });
  const [now, setNow] = useState(() => Date.now());
  // The clocks of the hub and of this machine may differ: nobody waits longer for that.
  const left = Math.min(seconds, Math.ceil((last + seconds * 1_000 - now) / 1_000));
  const waits = seconds > 0 && last + seconds * 1_000 > now;
  useEffect(() => setNow(Date.now()), [last, seconds]);
  useEffect(() => {
    if (!waits) return undefined;
    const timer = setInterval(() => setNow(Date.now()), 500);
    return () => clearInterval(timer);
  }, [waits]);
  return waits ? Math.max(0, left) : 0;
}
