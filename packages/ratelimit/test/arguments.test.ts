import { createLimiter, memoryLimitStore } from '@parley/ratelimit';
import { describe, expect, it } from 'vitest';
import { world } from './world.ts';

/** What comes out of a file has no types. */
const limiterWith = (message: object): unknown =>
  Reflect.apply(createLimiter, undefined, [{ store: memoryLimitStore(), rules: { message } }]);

describe('rules', () => {
  it.each<[string, object]>([
    ['rules.message.limit', { limit: 0, per: '1s' }],
    ['rules.message.limit', { limit: -1, per: '1s' }],
    ['rules.message.limit', { limit: 1.5, per: '1s' }],
    ['rules.message.limit', { limit: Number.NaN, per: '1s' }],
    ['rules.message.limit', { limit: 2_000_000_000, per: '1s' }],
    ['rules.message.limit', { limit: 1_000_000_000, per: '30d' }],
    ['rules.message.limit', { kind: 'log', limit: 10_001, per: '1s' }],
    ['rules.message.per', { limit: 1 }],
    ['rules.message.per', { limit: 1, per: 0 }],
    ['rules.message.per', { limit: 1, per: 0.0015 }],
    ['rules.message.per', { limit: 1, per: '0.5ms' }],
    ['rules.message.burst', { limit: 1, per: '1s', burst: 0 }],
    ['rules.message.burst', { kind: 'log', limit: 1, per: '1s', burst: 2 }],
    ['rules.message.capacity', { kind: 'bucket', refill: 1, per: '1s' }],
    ['rules.message.lease', { kind: 'concurrency', limit: 1 }],
    ['rules.message.kind', { kind: 'leaky', limit: 1, per: '1s' }],
    ['rules.message.whenAway', { limit: 1, per: '1s', whenAway: 'panic' }],
    ['rules.message.block.factor', { limit: 1, per: '1s', block: { for: '1s', factor: 0.5 } }],
    ['rules.message.block.for', { limit: 1, per: '1s', block: { for: -1 } }],
    ['rules.message.limt', { limit: 1, per: '1s', limt: 3 }],
    ['rules.message.allow', { limit: 1, per: '1s', allow: 'ann' }],
  ])('that cannot be kept name the field: %s', (field, options) => {
    expect(() => limiterWith(options)).toThrow(expect.objectContaining({ code: 'INVALID_ARGUMENT', field }));
  });

  it.each([
    [0.5, 500],
    [1.9, 1_900],
    ['0.5s', 500],
    ['1.9s', 1_900],
  ] as const)('of %s last exactly so long', async (per, periodMs) => {
    const { limiter, clock } = world({ message: { kind: 'fixed', limit: 1, per } }, { remember: 0 });
    await limiter.check('message', { identity: 'ann' });
    await clock.advance(periodMs - 1);
    expect(await limiter.check('message', { identity: 'ann' })).toMatchObject({ ok: false, retryAfterMs: 1 });
    await clock.advance(1);
    expect(await limiter.check('message', { identity: 'ann' })).toMatchObject({ ok: true });
  });
});

describe('calls', () => {
  const { limiter } = world({
    message: { limit: 5, per: '1s' },
    slots: { kind: 'concurrency', limit: 1, lease: '1s' },
  });

  it.each([6, 0, -1, Number.NaN, 1.5, Number.MAX_VALUE, Infinity])(
    'of a cost of %s are refused',
    async (cost) => {
      await expect(limiter.check('message', { identity: 'ann', cost })).rejects.toMatchObject({
        code: 'INVALID_ARGUMENT',
        field: 'cost',
      });
      expect(await limiter.peek('message', { identity: 'ann' })).toMatchObject({ remaining: 5 });
    },
  );

  it('need an identity, rules that exist, and each of them once', async () => {
    await expect(limiter.check('message')).rejects.toMatchObject({ field: 'identity' });
    await expect(limiter.check('message', { identity: '' })).rejects.toMatchObject({ field: 'identity' });
    const twice = limiter.check(['message', 'message'], { identity: 'ann' });
    await expect(twice).rejects.toMatchObject({ field: 'rules' });
    await expect(limiter.check([], { identity: 'ann' })).rejects.toMatchObject({ field: 'rules' });
    // @ts-expect-error there is no such rule
    const unknown = limiter.check('nothing', { identity: 'ann' });
    await expect(unknown).rejects.toMatchObject({ field: 'rule' });
  });

  it.each(['x\u0000', 'x\u0001', '', 'x'.repeat(1_025)])(
    'under a token that no store can keep are refused before others wait with them',
    async (token) => {
      const { limiter: own, store } = world({ message: { limit: 5, per: '1s' } });
      const good = own.check('message', { identity: 'bob', token: 'good' });
      await expect(own.check('message', { identity: 'ann', token })).rejects.toMatchObject({
        code: 'INVALID_ARGUMENT',
        field: 'token',
      });
      expect(await good).toMatchObject({ ok: true, decidedBy: 'store' });
      expect(store.requests).toBe(1);
    },
  );

  it('cannot adjust slots, nor by nothing', async () => {
    await expect(limiter.penalty('slots', 'ann')).rejects.toMatchObject({ field: 'rule' });
    await expect(limiter.reward('message', 'ann', { units: 0 })).rejects.toMatchObject({ field: 'units' });
    await expect(limiter.block({ identity: 'ann' }, 0)).rejects.toMatchObject({ field: 'for' });
  });

  it('whose caller has left are not charged', async () => {
    const leaving = new AbortController();
    const call = limiter.check('message', { identity: 'ann', signal: leaving.signal });
    leaving.abort();
    await expect(call).rejects.toMatchObject({ code: 'ABORTED' });
    expect(await limiter.check('message', { identity: 'ann' })).toMatchObject({ remaining: 4 });
    const signal = AbortSignal.abort();
    await expect(limiter.check('message', { identity: 'ann', signal })).rejects.toMatchObject({
      code: 'ABORTED',
    });
  });
});
