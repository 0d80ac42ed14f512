import { redisLimitStore } from '@parley/adapter-redis/ratelimit';
import { createLimiter } from '@parley/ratelimit';
import { startRedisSentinel, until } from '@parley/services';
import { expect, test, vi } from 'vitest';
import { connect } from '../support/connections.ts';

// Servers take their time on a machine that is busy.
vi.setConfig({ testTimeout: 120_000 });

test('behind Sentinels the master is killed: each check settles and says who decided, and the new one denies nobody who has something left', async () => {
  await using sentinel = await startRedisSentinel({ downAfter: 1_000 });
  const sentinels = sentinel.sentinels.map(({ host, port }) => ({ host, port }));
  const connection = connect({ mode: 'sentinel', sentinels, name: sentinel.name, responseTimeout: '1s' });
  const limiter = createLimiter({
    store: redisLimitStore(connection),
    rules: { calls: { kind: 'log', limit: 5, per: '1h', whenAway: 'closed' } },
    within: '1s',
    coolDown: '100ms',
    remember: 0,
  });
  const check = (cost = 1) => limiter.check('calls', { identity: 'ann', cost });
  const left = async (): Promise<number | undefined> => {
    const { decidedBy, remaining } = await limiter.peek('calls', { identity: 'ann' });
    return decidedBy === 'store' ? remaining : undefined;
  };
  await until(left, { what: 'it is up' });
  expect(await check(2)).toMatchObject({ ok: true, decidedBy: 'store' });
  const old = await sentinel.master();
  await old.kill();
  expect(await check()).toMatchObject({ ok: false, decidedBy: 'closed' });
  const found = await until(left, { what: 'a replica has taken over', deadline: 60_000 });
  // What the old master counted last may be lost, and comes back to the caller; nothing else does.
  expect([3, 5]).toContain(found);
  // Asked until the new master has answered: under its token it is charged once.
  const rest = await until(
    async () => {
      const verdict = await limiter.check('calls', { identity: 'ann', cost: found, token: 'rest' });
      return verdict.decidedBy === 'store' && verdict;
    },
    { what: 'it is decided', deadline: 60_000 },
  );
  expect(rest).toMatchObject({ ok: true, remaining: 0 });
  expect(await check()).toMatchObject({ ok: false, decidedBy: 'store' });
  await limiter.close();
});
