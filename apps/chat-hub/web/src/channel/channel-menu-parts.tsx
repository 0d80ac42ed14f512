import { Files, LogOut, Pin, Search, Settings, Snowflake, Users } from 'lucide-react';
import { useState } from 'react';
import { goBeside } from '../shell/place.ts';
import { MenuParts } from '../ui/menu-parts.tsx';
import type { MenuItem, MenuProps } from '../ui/menu.tsx';
import type { ChannelMenuProps } from './channel-menu.tsx';
import { LeaveDialog } from './leave-dialog.tsx';

type ChannelMenuPartsProps = ChannelMenuProps & Pick<MenuProps, 'label' | 'icon'>;

/** It comes open: it was asked for. */
export function ChannelMenuParts({ channel, rights, onFreeze, label, icon }: ChannelMenuPartsProps) {
  const [leaving, setLeaving] = useState(false);
  const items: MenuItem[] = [
    { label: 'Members', icon: Users, onSelect: () => goBeside({ kind: 'members' }) },
    { label: 'Pinned messages', icon: Pin, onSelect: () => goBeside({ kind: 'pins' }) },
    { label: 'Files', icon: Files, onSelect: () => goBeside({ kind: 'files' }) },
    {
      label: 'Search',
      icon: Search,
      hint: 'Ctrl /',
      onSelect: () => goBeside({ kind: 'search', query: '' }),
    },
    { label: 'Channel settings', icon: Settings, onSelect: () => goBeside({ kind: 'settings' }) },
    ...(rights?.freeze && channel.frozenAt == null
      ? [{ label: 'Freeze agents', icon: Snowflake, onSelect: onFreeze }]
      : []),
    ...(rights?.leave
      ? [{ label: 'Leave', icon: LogOut, tone: 'danger' as const, onSelect: () => setLeaving(true) }]
      : []),
  ];
  return (
    <>
      <MenuParts label={label} icon={icon} items={items} />
      {leaving && <LeaveDialog channel={channel} onClose={() => setLeaving(false)} />}
    </>
  );
}
