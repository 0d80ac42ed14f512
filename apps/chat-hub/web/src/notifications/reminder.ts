import type { Hub } from '@parley/hub-client';
import { useSyncExternalStore } from 'react';
import { isLooking } from './attention.ts';
import { desktop } from './desktop.ts';
import { occasionOf } from './occasion.ts';

const listeners = new Set<() => void>();
let missed = false;

/** Notes that something was said to somebody who looked elsewhere and could have been told, until the signal. */
export function remindWhenMissed(hub: Hub, signal: AbortSignal): void {
  const stop = hub.on('event', (event) => {
    if (missed || isLooking() || desktop() !== 'undecided') return;
    if (occasionOf(event, hub.snapshot()) === undefined) return;
    missed = true;
    for (const listener of listeners) listener();
  });
  signal.addEventListener('abort', stop);
}

function subscribe(listener: () => void): () => void {
  listeners.add(listener);
  return () => void listeners.delete(listener);
}

export function useMissed(): boolean {
  return useSyncExternalStore(subscribe, () => missed);
}
