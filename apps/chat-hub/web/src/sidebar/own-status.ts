import type { Hub } from '@parley/hub-client';
import type { Status } from '@parley/hub-protocol';
import { useEffect } from 'react';
import { useHub, useHubState } from '../hub/context.ts';
import { createValue } from '../hub/value.ts';

const status = createValue<Status | undefined>(undefined);

/** What one has chosen to be seen as. Undefined: it is not known yet. */
export const useStatus = status.use;
export const noteStatus = status.set;

/** Reads it with each connection, and when it ends by itself: it may have been chosen elsewhere. */
export function useOwnStatus(): Status | undefined {
  const hub = useHub();
  const live = useHubState(({ connection }) => connection.phase === 'live');
  const chosen = status.use();
  const until = chosen?.until ?? undefined;
  useEffect(() => {
    if (live) void readStatus(hub);
  }, [hub, live]);
  useEffect(() => {
    if (until === undefined) return undefined;
    // Timers know 24 days at the most.
    const wait = Math.min(Math.max(until - Date.now(), 0) + 1_000, 2 ** 31 - 1);
    const timer = setTimeout(() => void readStatus(hub), wait);
    return () => clearTimeout(timer);
  }, [hub, until]);
  return chosen;
}

async function readStatus(hub: Hub): Promise<void> {
  // What cannot be read is shown as it was.
  await hub.call('readStatus').then(noteStatus, () => {});
}
