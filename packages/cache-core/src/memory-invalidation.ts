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
      listeners.add(listener);
      // Not within this call: who subscribes has not been given the subscription yet.
      queueMicrotask(() => {
        if (listeners.has(listener)) listener.state('live');
      });
      return {
        close: async () => {
          listeners.delete(listener);
        },
      };
    },
  };
}
