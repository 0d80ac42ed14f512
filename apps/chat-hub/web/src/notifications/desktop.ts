import { useSyncExternalStore } from 'react';

/**
 * Whether messages are told by the system. `unable`: this browser cannot, or not over this address. `blocked`: it was refused, which only the
 * settings of the browser change. `undecided`: nobody was asked yet.
 */
export type Desktop = 'unable' | 'blocked' | 'off' | 'on' | 'undecided';

const key = 'parley.desktop';
const listeners = new Set<() => void>();
let refused = false;
let choice = readChoice();

function readChoice(): string | null {
  try {
    return localStorage.getItem(key);
  } catch {
    return null;
  }
}

function choose(next: 'on' | 'off'): void {
  choice = next;
  try {
    localStorage.setItem(key, next);
  } catch {
    // It holds until the page is closed.
  }
  tell();
}

function tell(): void {
  for (const listener of listeners) listener();
}

export function desktop(): Desktop {
  // Without locks every tab would tell the same. Neither is there on pages that came over a bare connection.
  if (refused || !('Notification' in window) || !('locks' in navigator)) return 'unable';
  const { permission } = Notification;
  if (permission === 'denied') return 'blocked';
  if (permission === 'granted') return choice === 'off' ? 'off' : 'on';
  return choice === null ? 'undecided' : 'off';
}

/** Asks the browser when it has to be asked: only ever because somebody pressed a button. */
export async function turnOn(): Promise<void> {
  if (Notification.permission === 'default') await Notification.requestPermission();
  if (Notification.permission === 'granted') choose('on');
  else tell();
}

export const turnOff = (): void => choose('off');

/** Some browsers have notifications, and refuse them to pages. */
export function giveUp(): void {
  refused = true;
  tell();
}

addEventListener('storage', (event) => {
  if (event.key !== key) return;
  choice = event.newValue;
  tell();
});

function subscribe(listener: () => void): () => void {
  listeners.add(listener);
  return () => void listeners.delete(listener);
}

export function useDesktop(): Desktop {
  return useSyncExternalStore(subscribe, desktop);
}
