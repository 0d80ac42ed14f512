import { goBeside } from '../shell/place.ts';

/** Shows who somebody is, beside what is read. */
export function openProfile(userId: string): void {
  goBeside({ kind: 'profile', id: userId });
}

/** The same for a click on text that is no React: whatever was hit within `[data-user]`. False: it was nobody. */
export function openProfileOf(target: EventTarget): boolean {
  const hit = target instanceof Element ? target.closest<HTMLElement>('[data-user]') : null;
  const userId = hit?.dataset['user'];
  if (userId === undefined || userId === '') return false;
  openProfile(userId);
  return true;
}
