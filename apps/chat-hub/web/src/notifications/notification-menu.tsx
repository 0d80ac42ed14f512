import { Bell, BellOff } from 'lucide-react';
import { lazy, Suspense, useState } from 'react';
import { useHubState } from '../hub/context.ts';
import { IconButton } from '../ui/icon-button.tsx';
import { Dialog } from '../ui/dialog.tsx';
import { levelNames, useLevel } from './levels.ts';

const Parts = lazy(() =>
  import('./notification-menu-parts.tsx').then(({ NotificationMenuParts }) => ({
    default: NotificationMenuParts,
  })),
);

const Preferences = lazy(() =>
  import('./notification-preferences.tsx').then(({ NotificationPreferences }) => ({
    default: NotificationPreferences,
  })),
);

/** Of what to be told in a channel, and the way to what holds everywhere. */
export function NotificationMenu({ channelId }: { readonly channelId: string }) {
  const level = useLevel(channelId);
  const joined = useHubState(({ channels }) => channels.has(channelId));
  const [used, setUsed] = useState(false);
  const [general, setGeneral] = useState(false);
  if (!joined) return null;
  const look = {
    label: `Notifications: ${levelNames[level].toLowerCase()}`,
    icon: level === 'muted' ? BellOff : Bell,
  };
  const button = <IconButton {...look} aria-haspopup="menu" onClick={() => setUsed(true)} />;
  if (!used) return button;
  return (
    <>
      <Suspense fallback={button}>
        <Parts {...look} channelId={channelId} onGeneral={() => setGeneral(true)} />
      </Suspense>
      <Dialog title="Notifications" open={general} onClose={() => setGeneral(false)}>
        <Preferences />
      </Dialog>
    </>
  );
}
