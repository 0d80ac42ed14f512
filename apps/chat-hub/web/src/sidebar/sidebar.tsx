import type { ChannelState, HubState } from '@parley/hub-client';
import { Hash, LogOut, Shield, X } from 'lucide-react';
import { useHubState, useIsAdmin, useSession } from '../hub/context.ts';
import { titleOf } from '../hub/names.ts';
import { hashOf, usePlace } from '../shell/place.ts';
import { IconButton } from '../ui/icon-button.tsx';
import { useToasts } from '../ui/toasts.tsx';
import './sidebar.css';

/** Where one can go. */
export function Sidebar({ onClose }: { readonly onClose: () => void }) {
  const { workspace, signOut } = useSession();
  const channels = useHubState((state) => state.channels);
  const isAdmin = useIsAdmin();
  const toasts = useToasts();
  return (
    <nav className="sidebar" aria-label="Channels">
      <header className="sidebar-head">
        <h1>{workspace}</h1>
        <IconButton className="sidebar-close" label="Close the list of channels" icon={X} onClick={onClose} />
      </header>
      <ul>
        {[...channels.values()].map((state) => (
          <ChannelLink key={state.channel.id} state={state} />
        ))}
      </ul>
      <footer className="sidebar-foot">
        {isAdmin && (
          <a href="#/admin" aria-label="Administration" title="Administration" className="icon-button">
            <Shield aria-hidden size={18} />
          </a>
        )}
        <IconButton label="Sign out" icon={LogOut} onClick={() => void signOut().catch(toasts.fail)} />
      </footer>
    </nav>
  );
}

function ChannelLink({ state: { channel, reading } }: { readonly state: ChannelState }) {
  const place = usePlace();
  const title = useHubState((state: HubState) => titleOf(channel, state));
  return (
    <li>
      <a
        className="sidebar-link"
        href={hashOf({ view: 'channel', channelId: channel.id })}
        aria-current={place.channelId === channel.id ? 'page' : undefined}
        data-unread={reading.unread > 0 || undefined}
      >
        <Hash aria-hidden size={16} />
        <span>{title}</span>
        {reading.unread > 0 && <span className="count">{reading.unread}</span>}
      </a>
    </li>
  );
}
