import { useSyncExternalStore } from 'react';

const isLooking = (): boolean => document.visibilityState === 'visible' && document.hasFocus();

function subscribe(listener: () => void): () => void {
  addEventListener('focus', listener);
  addEventListener('blur', listener);
  document.addEventListener('visibilitychange', listener);
  return () => {
    removeEventListener('focus', listener);
    removeEventListener('blur', listener);
    document.removeEventListener('visibilitychange', listener);
  };
}

/** Whether somebody can be taken to see the page: it is in view and has the focus. */
export const useLooking = (): boolean => useSyncExternalStore(subscribe, isLooking);
