import { useEffect } from 'react';
import { useHubState, useSession } from '../hub/context.ts';
import { later } from '../ui/later.tsx';
import { ChannelView, type ChannelViewProps } from './channel-view.tsx';
import { noteChannel } from './recent.ts';

const waiting = () => <main id="main" className="main" tabIndex={-1} aria-busy />;

const AbsentChannel = later(() => import('./absent-channel.tsx').then((part) => part.AbsentChannel), waiting);

/** The channel that the address names, as soon as it is known whether one is in it. */
export function ChannelPlace(props: ChannelViewProps) {
  const { channelId, messageId, onMenu } = props;
  const { userId } = useSession();
  const known = useHubState(({ channels }) => channels.has(channelId));
  const ready = useHubState((state) => state.ready);
  useEffect(() => {
    if (known) noteChannel(userId, channelId);
  }, [known, userId, channelId]);
  if (known) return <ChannelView {...props} />;
  return ready ? <AbsentChannel channelId={channelId} messageId={messageId} onMenu={onMenu} /> : waiting();
}
