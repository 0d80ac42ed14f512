import type { Hub } from '@parley/hub-client';

/** A hidden page draws no frames, and still counts what it has not read. */
const hiddenMs = 100;

/**
 * The same hub, which tells of changes at most once for each frame that is drawn: a thousand events in a second are sixty pictures. What one
 * sends oneself is seen at once.
 */
export function framed(hub: Hub): Hub {
  const listeners = new Set<() => void>();
  let shown = hub.snapshot();
  let frame: number | undefined;
  let timer: ReturnType<typeof setTimeout> | undefined;

  const flush = (): void => {
    if (frame !== undefined) cancelAnimationFrame(frame);
    clearTimeout(timer);
    frame = undefined;
    const next = hub.snapshot();
    if (next === shown) return;
    shown = next;
    for (const listener of listeners) listener();
  };
  hub.subscribe(() => {
    if (frame !== undefined) return;
    frame = requestAnimationFrame(flush);
    timer = setTimeout(flush, hiddenMs);
  });
  return {
    ...hub,
    snapshot: () => shown,
    subscribe(listener) {
      listeners.add(listener);
      return () => void listeners.delete(listener);
    },
    send(channelId, draft) {
      const sending = hub.send(channelId, draft);
      flush();
      return sending;
    },
  };
}
