import { useEffect } from 'react';
import { goBeside } from '../shell/place.ts';

/** Shows who somebody is, beside what is read. */
export function openProfile(userId: string): void {
  goBeside({ kind: 'profile', id: userId });
}

/** The same for text that is no React, such as mentions in messages: a click within `[data-user]` shows who that is. */
export function useProfileLinks(): void {
  useEffect(() => {
    const onClick = ({ target }: MouseEvent): void => {
      const hit = target instanceof Element ? target.closest<HTMLElement>('[data-user]') : null;
      const userId = hit?.dataset['user'] ?? '';
      if (userId !== '') openProfile(userId);
    };
    document.addEventListener('click', onClick);
    return () => document.removeEventListener('click', onClick);
  }, []);
}
