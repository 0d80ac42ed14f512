import type { Invalidation, InvalidationListener, Notice } from './invalidation.ts';

/** Between caches of this process that are given the same instance. */
export function memoryInvalidation(): Invalidation {
  const listeners = new Set<InvalidationListener>();
  return {
    name: 'memory',
    detectionMs: 0,
    publish: async (notice: Notice) => {
      for (const listener of listeners) listener.notice(notice);
    },
    subscribe(listener) {
      // The same listener may subscribe twice, and each subscription is closed by itself.
      const own: InvalidationListener = {
        notice: (notice) => listener.notice(notice),
        state: (state) => listener.state(state),
      };
      let vouchedUntil = -Infinity;
      listeners.add(own);
      // Not within this call: who subscribes has not been given the subscription yet.
      queueMicrotask(() => {
        if (!listeners.has(own)) return;
        vouchedUntil = Infinity;
        own.state('live');
      });
      return {
        vouchedUntil: () => vouchedUntil,
        close: async () => {
          vouchedUntil = -Infinity;
          listeners.delete(own);
        },
      };
    },
  };
}
