import { lazy, Suspense, useEffect } from 'react';
import { closeOverlay, useOverlay } from './overlay.ts';

const overlays = {
  switcher: lazy(() => import('../switcher/switcher.tsx').then(({ Switcher }) => ({ default: Switcher }))),
  'create-channel': lazy(() =>
    import('../finding/create-channel.tsx').then(({ CreateChannel }) => ({ default: CreateChannel })),
  ),
  'browse-channels': lazy(() =>
    import('../finding/browse-channels.tsx').then(({ BrowseChannels }) => ({ default: BrowseChannels })),
  ),
  'new-direct': lazy(() =>
    import('../finding/new-direct.tsx').then(({ NewDirect }) => ({ default: NewDirect })),
  ),
  keys: lazy(() => import('./keys-help.tsx').then(({ KeysHelp }) => ({ default: KeysHelp }))),
};

const Preferences = lazy(() =>
  import('../preferences/preferences-dialog.tsx').then(({ PreferencesDialog }) => ({
    default: PreferencesDialog,
  })),
);

/** Shows what stands over the page. Who signs out leaves nothing open behind. */
export function OverlayView() {
  const overlay = useOverlay();
  useEffect(() => closeOverlay, []);
  if (overlay === undefined) return null;
  if (overlay.kind === 'preferences')
    return (
      <Suspense fallback={null}>
        <Preferences page={overlay.page} />
      </Suspense>
    );
  const Found = overlays[overlay.kind];
  return (
    <Suspense fallback={null}>
      <Found />
    </Suspense>
  );
}
