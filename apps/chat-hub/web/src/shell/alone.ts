import { useSyncExternalStore } from 'react';

/** As the style sheet of the frame says it. */
const query = matchMedia('(max-width: 1100px)');

function subscribe(listener: () => void): () => void {
  query.addEventListener('change', listener);
  return () => query.removeEventListener('change', listener);
}

/** Whether a panel takes the place of what it belongs to, for want of room. */
export const useAlone = (): boolean => useSyncExternalStore(subscribe, () => query.matches);
