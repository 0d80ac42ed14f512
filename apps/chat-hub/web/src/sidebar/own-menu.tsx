import { Keyboard, LogOut, Settings, Shield, SmilePlus } from 'lucide-react';
import { useIsAdmin, useSession } from '../hub/context.ts';
import { openOverlay } from '../shell/overlay.ts';
import { go } from '../shell/place.ts';
import { MenuParts } from '../ui/menu-parts.tsx';
import { useToasts } from '../ui/toasts.tsx';
import type { OwnMenuProps } from './own-corner.tsx';

/** What one can change about oneself. It comes open: it was asked for. */
export function OwnMenu({ children }: OwnMenuProps) {
  const { signOut } = useSession();
  const isAdmin = useIsAdmin();
  const toasts = useToasts();
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
    <MenuParts label="You" icon={Settings} side="top" items={items} className="own">
      {children}
    </MenuParts>
  );
}
