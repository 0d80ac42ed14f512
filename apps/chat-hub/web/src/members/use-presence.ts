import type { Presence } from '@parley/hub-protocol';
import { useEffect, useState } from 'react';
import { useHub, useHubState } from '../hub/context.ts';

/** How somebody is seen: told by the roster of the channel at hand, or asked of the hub. */
export function usePresence(userId: string, channelId: string | undefined): Presence | undefined {
  const hub = useHub();
  const listed = useHubState(({ rosters }) =>
    channelId === undefined ? undefined : rosters.get(channelId)?.members.get(userId),
  );
  const isLive = useHubState(({ connection }) => connection.phase === 'live');
  const [asked, setAsked] = useState<Presence>();
  const isUnknown = listed === undefined && isLive;
  useEffect(() => {
    if (!isUnknown) return undefined;
    let open = true;
    hub
      .call('listPresences', { query: { userIds: [userId] } })
      .then(({ items }) => {
        if (open) setAsked(items[0]);
      })
      // Then nothing is shown of it.
      .catch(() => {});
    return () => {
      open = false;
    };
  }, [hub, userId, isUnknown]);
  return listed ?? asked;
}
