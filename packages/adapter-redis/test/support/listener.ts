import { redisInvalidation, type RedisInvalidationOptions } from '@parley/adapter-redis/cache';
import type { RedisConnection } from '@parley/adapter-redis';
import type { Invalidation, InvalidationSubscription, Notice } from '@parley/cache-core';
import { until } from '@parley/services';
import { afterEach } from 'vitest';

export const checkEveryMs = 100;

let listeners: Listener[] = [];

afterEach(async () => {
  await Promise.all(listeners.map(({ subscription }) => subscription.close()));
  listeners = [];
});

/** Remembers what a subscription tells; closed when the test is over. */
export class Listener {
  readonly states: string[] = [];
  readonly notices: Notice[] = [];
  readonly invalidation: Invalidation;
  readonly subscription: InvalidationSubscription;

  constructor(connection: RedisConnection, options: RedisInvalidationOptions = {}) {
    this.invalidation = redisInvalidation(connection, { checkEveryMs, ...options });
    this.subscription = this.invalidation.subscribe({
      notice: (notice) => this.notices.push(notice),
      state: (state) => this.states.push(state),
    });
    listeners.push(this);
  }

  async live(times = 1): Promise<void> {
    await until(
      () => this.states.at(-1) === 'live' && this.states.filter((state) => state === 'live').length >= times,
      {
        what: `live for the ${times}. time (${this.states.join()})`,
      },
    );
  }

  heard(key: string): boolean {
    return this.notices.some(({ keys }) => keys.some(([name]) => name === key));
  }
}

export const notice = (key: string): Notice => ({
  origin: 'somebody',
  keys: [[key, 1]],
  guards: [['t:x', 3]],
});

/** What is told while the subscription is live arrives; as somebody else may just be failing, it is told until it does. */
export async function arrives(from: Invalidation, to: Listener, key: string): Promise<boolean> {
  return until(
    async () => {
      await from.publish(notice(key));
      await until(() => to.heard(key), { what: key, deadline: 500 });
      return true;
    },
    { what: `${key} arrives` },
  );
}
