import type { HubState } from '@parley/hub-client';
import { useState } from 'react';
import { useHubState, useIsAdmin } from '../hub/context.ts';
import { later } from '../ui/later.tsx';

const FirstSteps = later(() => import('./first-steps.tsx').then((part) => part.FirstSteps));

/** More than that, and a channel has begun. */
const fewMessages = 5;

/** The guide in a channel in which nothing has happened, for who runs the workspace. What is open stays while one is there. */
export function FirstStepsHere({ channelId }: { readonly channelId: string }) {
  const isAdmin = useIsAdmin();
  const fresh = useHubState((state) => isFresh(state, channelId));
  const [begun, setBegun] = useState(false);
  if (isAdmin && fresh && !begun) setBegun(true);
  if (!isAdmin || !(fresh || begun)) return null;
  return <FirstSteps />;
}

/** Before its messages are here, a channel is told by the number of its last event. */
function isFresh({ ready, channels }: HubState, channelId: string): boolean {
  const state = channels.get(channelId);
  if (!ready || state === undefined || state.channel.name === null || state.older) return false;
  const said = state.messages.filter(({ kind }) => kind !== 'system');
  return said.length < fewMessages && state.channel.seq < 20 * fewMessages;
}
