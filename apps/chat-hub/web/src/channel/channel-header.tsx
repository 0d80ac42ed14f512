import { Menu, Search, Users } from 'lucide-react';
import { useHubState } from '../hub/context.ts';
import { titleOf } from '../hub/names.ts';
import { NotificationMenu } from '../notifications/notification-menu.tsx';
import { goBeside } from '../shell/place.ts';
import { IconButton } from '../ui/icon-button.tsx';
import './channel.css';

export interface ChannelHeaderProps {
  readonly channelId: string;
  readonly onMenu: () => void;
}

/** What a channel is called and about, and what can be opened beside it. */
export function ChannelHeader({ channelId, onMenu }: ChannelHeaderProps) {
  const channel = useHubState(({ channels }) => channels.get(channelId)?.channel);
  const title = useHubState((state) => (channel === undefined ? '' : titleOf(channel, state)));
  return (
    <header className="channel-head">
      <IconButton className="menu-button" label="Channels" icon={Menu} onClick={onMenu} />
      <h2>{title}</h2>
      <p className="topic">{channel?.topic}</p>
      <NotificationMenu channelId={channelId} />
      <IconButton label="Search" icon={Search} onClick={() => goBeside({ kind: 'search', query: '' })} />
      <IconButton label="Members" icon={Users} onClick={() => goBeside({ kind: 'members' })} />
    </header>
  );
}
