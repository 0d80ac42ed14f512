import { useEffect } from 'react';
import { later } from '../ui/later.tsx';
import { closeOverlay, useOverlay } from './overlay.ts';

const overlays = {
  switcher: later(() => import('../switcher/switcher.tsx').then((part) => part.Switcher)),
  'create-channel': later(() => import('../finding/create-channel.tsx').then((part) => part.CreateChannel)),
  'browse-channels': later(() =>
    import('../finding/browse-channels.tsx').then((part) => part.BrowseChannels),
  ),
  'new-direct': later(() => import('../finding/new-direct.tsx').then((part) => part.NewDirect)),
  keys: later(() => import('./keys-help.tsx').then((part) => part.KeysHelp)),
};

const Preferences = later(() =>
  import('../preferences/preferences-dialog.tsx').then((part) => part.PreferencesDialog),
);

/** Shows what stands over the page. Who signs out leaves nothing open behind. */
export function OverlayView() {
  const overlay = useOverlay();
  useEffect(() => closeOverlay, []);
  if (overlay === undefined) return null;
  if (overlay.kind === 'preferences') return <Preferences page={overlay.page} />;
  const Found = overlays[overlay.kind];
  return <Found />;
}
