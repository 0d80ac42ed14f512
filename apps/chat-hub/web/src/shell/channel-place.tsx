import { lazy, Suspense, useEffect } from 'react';
import { useHubState, useSession } from '../hub/context.ts';
import { ChannelView, type ChannelViewProps } from './channel-view.tsx';
import { noteChannel } from './recent.ts';

const AbsentChannel = lazy(() =>
  import('./absent-channel.tsx').then(({ AbsentChannel }) => ({ default: AbsentChannel })),
);

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
  const waiting = <main id="main" className="main" tabIndex={-1} aria-busy />;
  if (!ready) return waiting;
  return (
    <Suspense fallback={waiting}>
      <AbsentChannel channelId={channelId} messageId={messageId} onMenu={onMenu} />
    </Suspense>
  );
}
