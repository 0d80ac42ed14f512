import { virtualClock } from '@parley/cache-core/kernel';
import { createLimiter } from '@parley/ratelimit';
import { until } from '@parley/services';
import { expect, test } from 'vitest';
import { HubLimits } from '../../src/limits/hub-limits.ts';
import { slotSeconds } from '../../src/limits/hub-rules.ts';
import { farLimits } from '../support/far-limits.ts';
import { LiveWorld } from '../support/live-world.ts';

const renewedWithin = (slotSeconds * 1_000) / 3;

/** Limits of one rule, of which one socket may be open, counted in a store that can be away. */
function limitsOf(name: 'sockets.agent' | 'address.sockets') {
  const clock = virtualClock();
  const far = farLimits(clock);
  const options = { kind: 'concurrency', limit: 1, lease: slotSeconds, whenAway: 'open' } as const;
  const limiter = createLimiter<string>({ store: far.store, clock, rules: { [name]: options } });
  const rules = new Map([[name, { limit: 1, seconds: 0, options }]]);
  return { limits: new HubLimits({ limiter, rules, clock }), clock, far };
}

test.each(['sockets.agent', 'address.sockets'] as const)(
  'a socket beyond %s that came while the store was away is closed once the store is back, and told when to come again',
  { timeout: 60_000 },
  async (name) => {
    const { limits, clock, far } = limitsOf(name);
    await using world = await LiveWorld.open({ backend: 'embedded', limits });
    const ada = await world.user('ada');
    const first = await world.node.connect(ada.token);
    await first.first('welcome');
    far.away = true;
    const second = await world.node.connect(ada.token);
    await second.first('welcome');
    await clock.advance(renewedWithin);
    expect(second.ws.readyState).toBe(second.ws.OPEN);
    far.away = false;
    // The limiter leaves a store alone for a moment that did not answer.
    await until(
      async () => {
        await clock.advance(renewedWithin);
        return second.ws.readyState !== second.ws.OPEN;
      },
      { what: 'the second one is closed', every: 20 },
    );
    expect(await second.closed).toBe(4_429);
    expect(second.of('error')).toMatchObject([
      {
        error: {
          code: 'RATE_LIMITED',
          detail: expect.stringContaining(name),
          retryAfter: expect.any(Number),
        },
      },
    ]);
    expect(first.ws.readyState).toBe(first.ws.OPEN);
    first.close();
    limits.close();
  },
);
