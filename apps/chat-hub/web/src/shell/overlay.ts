import { createValue } from '../hub/value.ts';

export type PreferencesPage = 'look' | 'profile' | 'status' | 'notifications' | 'security';

/** What stands over the whole page: one at a time. */
export type Overlay =
  | { readonly kind: 'switcher' | 'create-channel' | 'browse-channels' | 'new-direct' | 'keys' }
  | { readonly kind: 'preferences'; readonly page?: PreferencesPage };

const open = createValue<Overlay | undefined>(undefined);

export const openOverlay = (overlay: Overlay): void => open.set(overlay);
export const closeOverlay = (): void => open.set(undefined);
export const shownOverlay = open.get;
export const useOverlay = open.use;

/** Whether something stands over the page that has to be answered first: what comes late behind it does not take the focus from it. */
export const isCovered = (): boolean =>
  shownOverlay() !== undefined || document.querySelector('[role="dialog"][data-open]') !== null;
