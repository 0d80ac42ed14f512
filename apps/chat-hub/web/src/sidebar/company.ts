import type { HubState } from '@parley/hub-client';
import { useCallback, useEffect, useState, type RefObject } from 'react';
import { useHub, useHubState } from '../hub/context.ts';
import { othersIn } from '../hub/names.ts';
import { loadCompany } from './load-company.ts';
import { useSeen } from './seen.ts';

/** The hub tells of so many channels at once who is in them; others of the page need some of these. */
const mostWatched = 50;
let watched = 0;

/**
 * Reads who is in a conversation as soon as it is on the screen, and watches who of them is here for as long as it stays there: hundreds of
 * conversations cost no more than those that one sees.
 */
export function useCompany(channelId: string, isTalk: boolean, row: RefObject<Element | null>): void {
  const hub = useHub();
  const [seen, setSeen] = useState(false);
  const tell = useCallback((now: boolean) => setSeen(now), []);
  useSeen(row, isTalk ? tell : undefined);
  const missing = useHubState(({ channels }) => channels.get(channelId)?.members === undefined);
  const live = useHubState(({ connection }) => connection.phase === 'live');
  useEffect(() => {
    if (seen && missing && live) loadCompany(hub, channelId);
  }, [hub, channelId, seen, missing, live]);
  useEffect(() => {
    if (!seen || watched >= mostWatched) return undefined;
    watched += 1;
    const close = hub.watch(channelId);
    return () => {
      watched -= 1;
      close();
    };
  }, [hub, channelId, seen]);
}

export type Sight = 'online' | 'away' | 'dnd' | 'offline';

/** How the other one of a conversation of two is seen. Undefined: it is no such conversation, or nobody knows yet. */
export function sightOf(state: HubState, channelId: string): Sight | undefined {
  if (state.channels.get(channelId)?.channel.kind !== 'direct') return undefined;
  const [other] = othersIn(channelId, state) ?? [];
  const roster = state.rosters.get(channelId);
  if (other === undefined || roster === undefined) return undefined;
  return roster.members.get(other)?.status ?? 'offline';
}
