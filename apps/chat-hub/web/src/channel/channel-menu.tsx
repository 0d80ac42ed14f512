import type { Channel } from '@parley/hub-protocol';
import { EllipsisVertical, Files, LogOut, Pin, Search, Settings, Snowflake, Users } from 'lucide-react';
import { lazy, Suspense, useState } from 'react';
import { goBeside } from '../shell/place.ts';
import { Menu, type MenuItem } from '../ui/menu.tsx';
import type { Rights } from './rights.ts';

const LeaveDialog = lazy(() =>
  import('./leave-dialog.tsx').then(({ LeaveDialog }) => ({ default: LeaveDialog })),
);

export interface ChannelMenuProps {
  readonly channel: Channel;
  readonly rights: Rights | undefined;
  readonly onFreeze: () => void;
}

/** Everything that can be opened or done, also what has no button of its own where there is little room. */
export function ChannelMenu({ channel, rights, onFreeze }: ChannelMenuProps) {
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
      <Menu label="More" icon={EllipsisVertical} items={items} />
      {leaving && (
        <Suspense fallback={null}>
          <LeaveDialog channel={channel} onClose={() => setLeaving(false)} />
        </Suspense>
      )}
    </>
  );
}
