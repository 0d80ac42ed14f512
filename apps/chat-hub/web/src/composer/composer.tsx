import { useEffect } from 'react';
import { useHub, useHubState } from '../hub/context.ts';
import { titleOf } from '../hub/names.ts';
import { later } from '../ui/later.tsx';
import { placeKey } from './drafts.ts';
import { useStanding } from './use-standing.ts';
import { Writer } from './writer.tsx';
import './composer.css';

/** Who writes does not need it. */
const Closed = later(
  () => import('./closed.tsx').then((part) => part.Closed),
  () => <div className="composer" aria-busy="true" />,
);

export interface ComposerProps {
  readonly channelId: string;
  readonly threadId: string | null;
}

/** Where one writes, or why one does not. */
export function Composer({ channelId, threadId }: ComposerProps) {
  const hub = useHub();
  const standing = useStanding(channelId);
  const isReady = useHubState(({ ready }) => ready);
  const isUnread = useHubState(({ channels }) => {
    const state = channels.get(channelId);
    return state !== undefined && state.members === undefined;
  });
  const name = useHubState((state) => {
    const channel = state.channels.get(channelId)?.channel;
    if (channel === undefined) return '';
    return channel.name === null ? titleOf(channel, state) : `#${channel.name}`;
  });
  // Who is in the channel is proposed, and what one is in it decides whether one writes.
  useEffect(() => {
    if (isUnread) void hub.loadMembers(channelId).catch(() => {});
  }, [hub, channelId, isUnread]);

  // The thread of a channel that one is not in: its composer is beside it.
  if (!standing.isMember) return <div className="composer" aria-busy={!isReady} />;
  if (standing.hindrance !== undefined)
    return <Closed text={standing.hindrance} place={{ channelId, threadId }} />;
  const placeholder = threadId === null ? `Message ${name}` : 'Reply in the thread';
  const key = placeKey({ channelId, threadId });
  return <Writer key={key} channelId={channelId} threadId={threadId} placeholder={placeholder} />;
}
