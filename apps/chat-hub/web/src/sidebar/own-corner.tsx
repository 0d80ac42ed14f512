import { Settings } from 'lucide-react';
import { useState, type ReactNode } from 'react';
import { useHubState, useSession, useUser } from '../hub/context.ts';
import { nameOf } from '../hub/names.ts';
import { Avatar } from '../ui/avatar.tsx';
import { later } from '../ui/later.tsx';
import { useOwnStatus } from './own-status.ts';

export interface OwnMenuProps {
  readonly children: ReactNode;
}

const OwnMenu = later(
  () => import('./own-menu.tsx').then((part) => part.OwnMenu),
  ({ children }: OwnMenuProps) => (
    <button type="button" className="own" aria-haspopup="menu">
      {children}
    </button>
  ),
);

const seenAs = {
  online: 'Online',
  away: 'Away',
  dnd: 'Do not disturb',
  invisible: 'Invisible',
  offline: 'Not connected',
} as const;

/** Oneself: how one is seen, and what one can change about it. */
export function OwnCorner() {
  const { userId } = useSession();
  const me = useUser(userId);
  const live = useHubState(({ connection }) => connection.phase === 'live');
  const status = useOwnStatus();
  const [used, setUsed] = useState(false);
  const sight = live ? (status?.availability ?? 'online') : 'offline';
  const told = [status?.emoji, status?.customStatus].filter((part) => part != null).join(' ');
  const shown = live && told !== '' ? told : seenAs[sight];
  const shownSelf = (
    <>
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
    </>
  );
  return (
    <footer className="sidebar-foot">
      {used ? (
        <OwnMenu>{shownSelf}</OwnMenu>
      ) : (
        <button type="button" className="own" aria-haspopup="menu" onClick={() => setUsed(true)}>
          {shownSelf}
        </button>
      )}
    </footer>
  );
}
