import { Keyboard, LogOut, Settings, Shield, SmilePlus } from 'lucide-react';
import { useHubState, useIsAdmin, useSession, useUser } from '../hub/context.ts';
import { nameOf } from '../hub/names.ts';
import { openOverlay } from '../shell/overlay.ts';
import { go } from '../shell/place.ts';
import { Avatar } from '../ui/avatar.tsx';
import { Menu } from '../ui/menu.tsx';
import { useToasts } from '../ui/toasts.tsx';
import { useOwnStatus } from './own-status.ts';

const seenAs = {
  online: 'Online',
  away: 'Away',
  dnd: 'Do not disturb',
  invisible: 'Invisible',
  offline: 'Not connected',
} as const;

/** Oneself: how one is seen, and what one can change about it. */
export function OwnCorner() {
  const { userId, signOut } = useSession();
  const me = useUser(userId);
  const live = useHubState(({ connection }) => connection.phase === 'live');
  const status = useOwnStatus();
  const isAdmin = useIsAdmin();
  const toasts = useToasts();
  const sight = live ? (status?.availability ?? 'online') : 'offline';
  const told = [status?.emoji, status?.customStatus].filter((part) => part != null).join(' ');
  const shown = live && told !== '' ? told : seenAs[sight];
  const items = [
    {
      label: 'Set a status',
      icon: SmilePlus,
      onSelect: () => openOverlay({ kind: 'preferences', page: 'status' }),
    },
    { label: 'Preferences', icon: Settings, onSelect: () => openOverlay({ kind: 'preferences' }) },
    { label: 'Keyboard', icon: Keyboard, hint: '?', onSelect: () => openOverlay({ kind: 'keys' }) },
    ...(isAdmin ? [{ label: 'Administration', icon: Shield, onSelect: () => go({ view: 'admin' }) }] : []),
    { label: 'Sign out', icon: LogOut, onSelect: () => void signOut().catch(toasts.fail) },
  ];
  return (
    <footer className="sidebar-foot">
      <Menu label="You" icon={Settings} side="top" items={items} className="own">
        <span className="sidebar-sign">
          <Avatar userId={userId} size={32} />
          <span className="sight" data-sight={sight} />
        </span>
        <span className="quiet">You:</span>
        <span className="own-text">
          <span className="own-name" dir="auto">
            {nameOf(me)}
          </span>
          <span className="own-status" dir="auto">
            {shown}
          </span>
        </span>
        <Settings aria-hidden size={16} className="own-more" />
      </Menu>
    </footer>
  );
}
