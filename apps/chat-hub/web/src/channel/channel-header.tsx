import { Files, Hash, Lock, Menu as Bars, Pin, Search, UsersRound, type LucideIcon } from 'lucide-react';
import type { Channel } from '@parley/hub-protocol';
import { useState } from 'react';
import { useHubState } from '../hub/context.ts';
import { titleOf } from '../hub/names.ts';
import { useProfileLinks } from '../members/open-profile.ts';
import { useMembers } from '../members/use-members.ts';
import { NotificationMenu } from '../notifications/notification-menu.tsx';
import { goBeside, readPlace, usePlace } from '../shell/place.ts';
import { IconButton } from '../ui/icon-button.tsx';
import { ChannelMenu } from './channel-menu.tsx';
import { ChannelStrips } from './channel-strips.tsx';
import { FreezeButton } from './freeze-button.tsx';
import { HereButton } from './here-button.tsx';
import { isTalk } from './rights.ts';
import { TopicLine } from './topic-line.tsx';
import { useChannel, useRights } from './use-rights.ts';
import './channel.css';

export interface ChannelHeaderProps {
  readonly channelId: string;
  readonly onMenu: () => void;
}

/** What a channel is called and about, who is in it, and what can be opened beside it. */
export function ChannelHeader({ channelId, onMenu }: ChannelHeaderProps) {
  const channel = useChannel(channelId);
  // A conversation is called by who is in it.
  useMembers(channel && isTalk(channel) ? channelId : '');
  const title = useHubState((state) => (channel === undefined ? '' : titleOf(channel, state)));
  const pinned = useHubState(({ channels }) => channels.get(channelId)?.pins.length ?? 0);
  const rights = useRights(channelId);
  const [freezing, setFreezing] = useState(false);
  useProfileLinks();
  const open = usePlace().panel?.kind;
  return (
    <>
      <header className="channel-head">
        <IconButton className="menu-button" label="Channels" icon={Bars} onClick={onMenu} />
        {channel && (
          <>
            <div className="channel-title">
              <h2>
                <KindIcon channel={channel} />
                <span dir="auto" title={title}>
                  {title}
                </span>
              </h2>
              <TopicLine channel={channel} editable={rights?.topic ?? false} />
            </div>
            {rights?.freeze && !isTalk(channel) && (
              <FreezeButton channel={channel} open={freezing} onOpenChange={setFreezing} />
            )}
            <HereButton channel={channel} />
            <NotificationMenu channelId={channelId} />
            {pinned > 0 && (
              <button
                type="button"
                className="head-button wide"
                aria-pressed={open === 'pins'}
                aria-label={`Pinned messages: ${pinned}`}
                title="Pinned messages"
                onClick={() => toggle('pins')}
              >
                <Pin aria-hidden size={16} /> {pinned}
              </button>
            )}
            <IconButton
              className="wide"
              label="Files"
              icon={Files}
              aria-pressed={open === 'files'}
              onClick={() => toggle('files')}
            />
            <IconButton
              className="middle"
              label="Search"
              icon={Search}
              aria-pressed={open === 'search'}
              aria-keyshortcuts="Control+/"
              onClick={() => toggle('search')}
            />
            <ChannelMenu channel={channel} rights={rights} onFreeze={() => setFreezing(true)} />
          </>
        )}
      </header>
      {channel && <ChannelStrips channel={channel} rights={rights} />}
    </>
  );
}

function KindIcon({ channel }: { readonly channel: Channel }) {
  const Icon: LucideIcon = channel.kind === 'private' ? Lock : isTalk(channel) ? UsersRound : Hash;
  const what = channel.kind === 'private' ? 'Private channel' : isTalk(channel) ? 'Conversation' : 'Channel';
  return (
    <>
      <Icon aria-hidden size={17} />
      <span className="quiet">{what} </span>
    </>
  );
}

function toggle(kind: 'pins' | 'files' | 'search'): void {
  const isOpen = readPlace(location.hash).panel?.kind === kind;
  goBeside(isOpen ? undefined : kind === 'search' ? { kind, query: '' } : { kind });
}
