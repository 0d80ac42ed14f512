import { useEffect } from 'react';
import { isApple } from './apple.ts';
import { closeOverlay, isCovered, openOverlay, shownOverlay } from './overlay.ts';
import { go, goBeside, readPlace } from './place.ts';

/** What does the same wherever one is. */
export function useShortcuts(): void {
  useEffect(() => {
    addEventListener('keydown', press);
    return () => removeEventListener('keydown', press);
  }, []);
}

function press(event: KeyboardEvent): void {
  if (event.defaultPrevented || event.isComposing) return;
  if (act(event)) event.preventDefault();
}

/** Whether the key was one of ours. */
function act(event: KeyboardEvent): boolean {
  const { key, altKey, shiftKey } = event;
  const command = (isApple ? event.metaKey : event.ctrlKey) && !altKey && !shiftKey;
  if (command && key.toLowerCase() === 'k') {
    if (shownOverlay()?.kind === 'switcher') closeOverlay();
    else openOverlay({ kind: 'switcher' });
    return true;
  }
  if (command && key === ',') {
    openOverlay({ kind: 'preferences' });
    return true;
  }
  // A dialog is answered first.
  if (isCovered()) return false;
  if (key === '/' && (event.ctrlKey || event.metaKey) && !altKey) {
    search();
    return true;
  }
  if (key === '?' && !command && !altKey && !writes(event.target)) {
    openOverlay({ kind: 'keys' });
    return true;
  }
  if (altKey && !event.ctrlKey && !event.metaKey && (key === 'ArrowUp' || key === 'ArrowDown')) {
    goBy(key === 'ArrowUp' ? -1 : 1, shiftKey);
    return true;
  }
  return false;
}

/** To the field in which messages are searched, which takes the focus by itself when it comes. */
function search(): void {
  if (readPlace(location.hash).panel?.kind !== 'search') goBeside({ kind: 'search', query: '' });
  document.querySelector<HTMLElement>('[data-search-field]')?.focus();
}

/** Through the channels as the list shows them, round at its ends. */
function goBy(step: 1 | -1, unreadOnly: boolean): void {
  const shown = [...document.querySelectorAll<HTMLElement>('[data-channel]')];
  const at = shown.findIndex((link) => link.hasAttribute('aria-current'));
  const from = at < 0 && step < 0 ? shown.length : at;
  for (let i = 1; i <= shown.length; i += 1) {
    const link = shown[(from + step * i + 2 * shown.length) % shown.length];
    if (link === undefined || (unreadOnly && !link.hasAttribute('data-unread'))) continue;
    go({ view: 'channel', channelId: link.dataset['channel'] });
    return;
  }
}

function writes(target: EventTarget | null): boolean {
  return (
    target instanceof HTMLElement && (target.isContentEditable || target.matches('input, textarea, select'))
  );
}
