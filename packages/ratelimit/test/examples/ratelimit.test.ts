import { virtualClock } from '@parley/cache-core/kernel';
import { createLimiter, memoryLimitStore, subnetOf } from '@parley/ratelimit';
import { expect, it } from 'vitest';

it('limits per action and agent', async () => {
  const store = memoryLimitStore();
  const [agentId, address] = ['agent 7', '2001:db8:1:2::99'];
  // #region actions
  const limiter = createLimiter({
    store, // or redisLimitStore(redis), for all processes
    rules: {
      message: { limit: 10, per: '1m' },
      typing: { kind: 'fixed', limit: 20, per: '10s' },
      address: { kind: 'sliding', limit: 300, per: '15m' },
    },
  });
  const verdict = await limiter.check(['message', { rule: 'address', identity: subnetOf(address) }], {
    identity: agentId,
  });
  if (!verdict.ok)
    throw new Error(`Try again in ${verdict.retryAfterMs} ms (${verdict.violated.join(', ')})`);
  // #endregion actions
  expect(verdict.rules.map(({ identity }) => identity)).toEqual(['agent 7', '2001:db8:1:2::/64']);
});

it('throttles sign-in', async () => {
  const clock = virtualClock();
  const [store, name] = [memoryLimitStore({ clock }), 'ann'];
  // #region login
  const limiter = createLimiter({
    store,
    clock,
    rules: {
      login: {
        kind: 'fixed',
        limit: 5,
        per: '15m', // no longer than the block, with which it has ended
        block: { for: '15m', factor: 2, max: '1d' }, // 15 minutes, then 30, then 60
        whenAway: 'closed',
      },
    },
  });
  const attempt = await limiter.check('login', { identity: name });
  if (attempt.ok) await limiter.reset({ identity: name, rules: 'login' }); // when the password was right
  // #endregion login
  expect(await limiter.peek('login', { identity: name })).toMatchObject({ remaining: 5 });
  for (let i = 0; i < 6; i++) await limiter.check('login', { identity: name });
  expect(await limiter.peek('login', { identity: name })).toMatchObject({ retryAfterMs: 900_000 });
  await clock.advance(900_000);
  expect(await limiter.check('login', { identity: name })).toMatchObject({ ok: true, remaining: 4 });
});

it('bounds how much is done at once', async () => {
  const store = memoryLimitStore();
  const render = async (signal: AbortSignal): Promise<string> => (signal.aborted ? '' : 'done');
  // #region slots
  const limiter = createLimiter({
    store,
    rules: { renders: { kind: 'concurrency', limit: 3, lease: '30s' } },
  });
  const picture = await limiter.run('renders', { identity: 'agent 7' }, (signal) => render(signal));
  // #endregion slots
  expect(picture).toBe('done');
});

it('charges a request once, however often it is sent', async () => {
  const [store, requestId] = [memoryLimitStore(), 'r-1'];
  // #region token
  const limiter = createLimiter({
    store,
    rules: { tokens: { kind: 'bucket', capacity: 10_000, refill: 1_000, per: '1m' } },
  });
  await limiter.consume('tokens', { identity: 'agent 7', cost: 800, token: requestId });
  const again = await limiter.consume('tokens', { identity: 'agent 7', cost: 800, token: requestId });
  // #endregion token
  expect(again).toMatchObject({ replayed: true, remaining: 9_200 });
});
