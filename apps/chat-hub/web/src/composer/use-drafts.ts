import { useCallback, useSyncExternalStore } from 'react';
import { useSession } from '../hub/context.ts';
import { draftsOf } from './drafts.ts';

/** What is begun at a place, and how to change it. */
export function useDraft(key: string): readonly [text: string, setText: (text: string) => void] {
  const drafts = draftsOf(useSession().userId);
  const text = useSyncExternalStore(drafts.subscribe, () => drafts.text(key));
  const setText = useCallback((next: string) => drafts.set(key, next), [drafts, key]);
  return [text, setText];
}

/** The ids of channels in which something is begun and not sent. */
export function useDraftChannels(): ReadonlySet<string> {
  const drafts = draftsOf(useSession().userId);
  return useSyncExternalStore(drafts.subscribe, drafts.channels);
}
