import type { Session } from '../hub/context.ts';
import { openOverlay } from '../shell/overlay.ts';
import { go, goBeside } from '../shell/place.ts';
import type { Entry } from './entries.ts';

/** What can be done from everywhere, as far as one may. */
export function actionsFor(
  { scopes, signOut }: Session,
  isAdmin: boolean,
  fail: (error: unknown) => void,
): readonly Entry[] {
  const may = [
    { id: 'browse', title: 'Browse channels', run: () => openOverlay({ kind: 'browse-channels' }) },
    scopes.has('manage') && {
      id: 'create',
      title: 'Create a channel',
      run: () => openOverlay({ kind: 'create-channel' }),
    },
    scopes.has('write') && {
      id: 'direct',
      title: 'New direct message',
      run: () => openOverlay({ kind: 'new-direct' }),
    },
    scopes.has('write') && {
      id: 'status',
      title: 'Set a status',
      run: () => openOverlay({ kind: 'preferences', page: 'status' }),
    },
    { id: 'preferences', title: 'Preferences', run: () => openOverlay({ kind: 'preferences' }) },
    { id: 'keys', title: 'Keyboard', run: () => openOverlay({ kind: 'keys' }) },
    isAdmin && { id: 'admin', title: 'Administration', run: () => go({ view: 'admin' }) },
    { id: 'out', title: 'Sign out', run: () => void signOut().catch(fail) },
  ];
  return may.flatMap((action) => (action === false ? [] : [{ kind: 'action' as const, ...action }]));
}

export const searchFor = (query: string): Entry => ({
  kind: 'action',
  id: 'search',
  title: `Search messages for “${query}”`,
  run: () => goBeside({ kind: 'search', query }),
});
