import type { Invalidation, InvalidationSubscription, Notice } from '@parley/cache-core';
import { until } from '@parley/services';

export interface Ear {
  readonly keys: string[];
  readonly states: string[];
  readonly subscription: InvalidationSubscription;
  state(): string;
  becomes(state: 'live' | 'suspect', deadline?: number): Promise<void>;
}

/** A listener that remembers. */
export function listen(invalidation: Invalidation): Ear {
  const keys: string[] = [];
  const states: string[] = [];
  const state = (): string => states.at(-1) ?? 'unknown';
  return {
    keys,
    states,
    state,
    subscription: invalidation.subscribe({
      notice: (notice) =>
        void keys.push(...notice.keys.map(([key]) => key), ...notice.guards.map(([guard]) => guard)),
      state: (state) => void states.push(state),
    }),
    async becomes(wanted, deadline = 10_000) {
      await until(() => state() === wanted, { what: `it is ${wanted}`, deadline });
    },
  };
}

export const notice = (...keys: string[]): Notice => ({
  origin: 'me',
  keys: keys.map((key) => [key, 1]),
  guards: [],
});
