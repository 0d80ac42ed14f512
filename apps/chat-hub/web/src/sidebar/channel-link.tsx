import { Hash, Lock, Pencil, Users } from 'lucide-react';
import { memo, useEffect, useRef } from 'react';
import { useHubState } from '../hub/context.ts';
import { othersIn, titleOf } from '../hub/names.ts';
import { useLevel } from '../notifications/levels.ts';
import { hashOf } from '../shell/place.ts';
import { Avatar } from '../ui/avatar.tsx';
import { sightOf, useCompany, type Sight } from './company.ts';

export interface ChannelLinkProps {
  readonly channelId: string;
  readonly current: boolean;
  readonly draft: boolean;
  readonly tabbed: boolean;
  /** Shown only if something waits there. */
  readonly folded: boolean;
  readonly onClose: () => void;
}

const sights: Readonly<Record<Sight, string>> = {
  online: 'online',
  away: 'away',
  dnd: 'does not want to be disturbed',
  offline: 'offline',
};

/** The way to a channel, with what waits there. */
export const ChannelLink = memo(function ChannelLink(props: ChannelLinkProps) {
  const { channelId, current, draft, tabbed, folded, onClose } = props;
  const row = useRef<HTMLLIElement>(null);
  const channel = useHubState(({ channels }) => channels.get(channelId)?.channel);
  const unread = useHubState(({ channels }) => channels.get(channelId)?.reading.unread ?? 0);
  const mentions = useHubState(({ channels }) => channels.get(channelId)?.reading.mentions ?? 0);
  const title = useHubState((state) => (channel === undefined ? '' : titleOf(channel, state)));
  const sight = useHubState((state) => sightOf(state, channelId));
  const other = useHubState((state) =>
    channel?.kind === 'direct' ? (othersIn(channelId, state)?.[0] ?? null) : undefined,
  );
  const types = useHubState(({ rosters }) => (rosters.get(channelId)?.typing.length ?? 0) > 0);
  const muted = useLevel(channelId) === 'muted';
  const talk = channel?.kind === 'direct' || channel?.kind === 'group';
  useCompany(channelId, talk, row);
  useEffect(() => {
    if (current) row.current?.scrollIntoView({ block: 'nearest' });
  }, [current]);
  const loud = unread > 0 && !muted;
  const waits = loud || mentions > 0;
  if (folded && !current && !waits) return null;
  // In a conversation all is for oneself.
  const called = talk && !muted ? unread : mentions;
  const shown = called > 0 ? called : muted ? 0 : unread;
  const more = labelOf([
    channel?.kind === 'private' && 'private',
    sight && sights[sight],
    muted && 'muted',
    types && talk && 'types',
    draft && 'has a draft',
    unread > 0 && `${unread} unread`,
    mentions > 0 && `${mentions} ${mentions === 1 ? 'mention' : 'mentions'}`,
  ]);
  return (
    <li ref={row}>
      <a
        className="sidebar-link"
        href={hashOf({ view: 'channel', channelId })}
        aria-current={current ? 'page' : undefined}
        data-channel={channelId}
        data-row={channelId}
        data-unread={waits || undefined}
        data-muted={muted || undefined}
        tabIndex={tabbed ? 0 : -1}
        onClick={onClose}
      >
        <span className="sidebar-sign" aria-hidden>
          {other === undefined ? (
            <RoomSign kind={channel?.kind} />
          ) : (
            <>
              {other !== null && <Avatar userId={other} size={20} />}
              {sight !== undefined && <span className="sight" data-sight={sight} />}
            </>
          )}
        </span>
        <span className="sidebar-name" dir="auto">
          {title}
        </span>
        <span className="quiet">{more}</span>
        {types && talk && !current && (
          <span className="sidebar-types" aria-hidden>
            …
          </span>
        )}
        {draft && !current && <Pencil aria-hidden size={13} className="sidebar-draft" />}
        {shown > 0 && (
          <span className="count" aria-hidden data-mention={called > 0 || undefined}>
            {shown > 99 ? '99+' : shown}
          </span>
        )}
      </a>
    </li>
  );
});

function RoomSign({ kind }: { readonly kind: string | undefined }) {
  if (kind === 'private') return <Lock size={15} />;
  return kind === 'group' ? <Users size={15} /> : <Hash size={16} />;
}

/** What the row shows to the eye, in words. */
function labelOf(parts: readonly (string | false | undefined)[]): string {
  return parts.filter((part) => typeof part === 'string').join(', ');
}
