import type { Channel } from '@parley/hub-protocol';
import { EllipsisVertical } from 'lucide-react';
import { useState } from 'react';
import { IconButton } from '../ui/icon-button.tsx';
import { later } from '../ui/later.tsx';
import type { Rights } from './rights.ts';

const label = 'More';

const Parts = later(
  () => import('./channel-menu-parts.tsx').then((part) => part.ChannelMenuParts),
  () => <IconButton label={label} icon={EllipsisVertical} aria-haspopup="menu" />,
);

export interface ChannelMenuProps {
  readonly channel: Channel;
  readonly rights: Rights | undefined;
  readonly onFreeze: () => void;
}

/** Everything that can be opened or done, also what has no button of its own where there is little room. */
export function ChannelMenu(props: ChannelMenuProps) {
  const [used, setUsed] = useState(false);
  if (used) return <Parts {...props} label={label} icon={EllipsisVertical} />;
  return (
    <IconButton label={label} icon={EllipsisVertical} aria-haspopup="menu" onClick={() => setUsed(true)} />
  );
}
