import { Bell, BellOff } from 'lucide-react';
import { useState } from 'react';
import { useHubState } from '../hub/context.ts';
import { IconButton } from '../ui/icon-button.tsx';
import { later } from '../ui/later.tsx';
import { levelNames, useLevel } from './levels.ts';

const Parts = later(
  () => import('./notification-menu-parts.tsx').then((part) => part.NotificationMenuParts),
  ({ label, icon }) => <IconButton label={label} icon={icon} aria-haspopup="menu" />,
);

/** Of what to be told in a channel, and the way to what holds everywhere. */
export function NotificationMenu({ channelId }: { readonly channelId: string }) {
  const level = useLevel(channelId);
  const joined = useHubState(({ channels }) => channels.has(channelId));
  const [used, setUsed] = useState(false);
  if (!joined) return null;
  const look = {
    label: `Notifications: ${levelNames[level].toLowerCase()}`,
    icon: level === 'muted' ? BellOff : Bell,
  };
  if (used) return <Parts {...look} channelId={channelId} />;
  return <IconButton {...look} aria-haspopup="menu" onClick={() => setUsed(true)} />;
}
