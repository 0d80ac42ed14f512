import type { Channel } from '@parley/hub-protocol';
import { useHub } from '../hub/context.ts';
import { go } from '../shell/place.ts';
import { Confirm } from '../ui/confirm.tsx';

export function LeaveDialog({
  channel,
  onClose,
}: {
  readonly channel: Channel;
  readonly onClose: () => void;
}) {
  const hub = useHub();
  return (
    <Confirm
      title={channel.name === null ? 'Leave the conversation?' : `Leave #${channel.name}?`}
      button="Leave"
      act={async () => {
        await hub.call('leaveChannel', { params: { channelId: channel.id } });
        go({ view: 'channel' });
      }}
      onClose={onClose}
    >
      {channel.kind === 'public'
        ? 'You hear no more of it. As it is public, you can join again at any time.'
        : 'You cannot read it any more, and come back only when somebody adds you.'}
    </Confirm>
  );
}
