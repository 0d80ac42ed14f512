import { isParleyError } from '@parley/cache-core/kernel';
import { createLimiter, limitDenials, memoryLimitStore, type Verdict } from '@parley/ratelimit';
import { describe, expect, it } from 'vitest';
import { world } from './world.ts';

const ann = { identity: 'ann' };

describe('a check', () => {
  it('admits up to the limit, and says what is left and when to come again', async () => {
    const { limiter, clock } = world({ message: { limit: 3, per: '3s' } });
    for (const remaining of [2, 1, 0])
      expect(await limiter.check('message', ann)).toMatchObject({ ok: true, remaining, retryAfterMs: 0 });
    const denied = await limiter.check('message', ann);
    expect(denied).toMatchObject({ ok: false, decidedBy: 'store', violated: ['message'], remaining: 0 });
    expect([denied.retryAfterMs, denied.resetMs]).toEqual([1_000, 3_000]);
    expect(await limiter.check('message', { identity: 'bob' })).toMatchObject({ ok: true, remaining: 2 });
    await clock.advance(1_000);
    expect(await limiter.check('message', ann)).toMatchObject({ ok: true, remaining: 0 });
  });

  it('charges several rules or none of them', async () => {
    const { limiter } = world({ minute: { limit: 5, per: '1m' }, hour: { limit: 2, per: '1h' } });
    const both = ['minute', 'hour'] as const;
    await limiter.check(both, ann);
    await limiter.check(both, ann);
    for (let i = 0; i < 5; i++)
      expect(await limiter.check(both, ann)).toMatchObject({ ok: false, violated: ['hour'] });
    expect(await limiter.peek('minute', ann)).toMatchObject({ remaining: 3 });
  });

  it('may charge each rule to somebody else, and as much as it likes', async () => {
    const { limiter } = world({ user: { limit: 5, per: '1m' }, address: { limit: 10, per: '1m' } });
    const calls = ['user', { rule: 'address', identity: '10.0.0.1', cost: 4 }] as const;
    const verdict = await limiter.check(calls, ann);
    expect(verdict.rules.map(({ name, identity, remaining }) => [name, identity, remaining])).toEqual([
      ['user', 'ann', 4],
      ['address', '10.0.0.1', 6],
    ]);
  });

  it('carries all checks of one turn in one call to the store', async () => {
    const { limiter, store } = world({ message: { limit: 10, per: '1m' } });
    const all = await Promise.all(Array.from({ length: 30 }, () => limiter.check('message', ann)));
    expect(all.filter(({ ok }) => ok)).toHaveLength(10);
    expect([store.calls, store.requests]).toEqual([1, 30]);
  });

  it('charges a token once, also when its answer was lost', async () => {
    const { limiter, another } = world({ message: { limit: 2, per: '1m' } });
    const call = { ...ann, token: 'request 1' };
    expect(await limiter.check('message', call)).toMatchObject({ ok: true, replayed: false, remaining: 1 });
    await limiter.check('message', ann);
    expect(await another().check('message', call)).toMatchObject({ ok: true, replayed: true, remaining: 0 });
    expect(await limiter.check('message', { ...ann, token: 'request 2' })).toMatchObject({ ok: false });
    expect(limiter.stats()).toMatchObject({ checks: 3, denied: 1 });
  });

  it('takes no more than a turn over a store in this process', async () => {
    const limiter = createLimiter({ store: memoryLimitStore(), rules: { message: { limit: 1, per: '1m' } } });
    expect(await limiter.check('message', ann)).toMatchObject({ ok: true });
    expect(await limiter.check('message', ann)).toMatchObject({ ok: false, decidedBy: 'store' });
    expect(limiter.stats()).toMatchObject({ storeCalls: 0, denied: 1 });
  });

  it('rejects when it is to throw instead', async () => {
    const { limiter } = world({ message: { limit: 1, per: '1m' } });
    await limiter.consume('message', ann);
    const error: unknown = await limiter.consume('message', ann).catch((reason: unknown) => reason);
    expect(isParleyError(error, 'RATE_LIMITED')).toBe(true);
    expect(error).toMatchObject({ name: 'RateLimited', retryable: true, verdict: { violated: ['message'] } });
  });
});

describe('a limit of their own', () => {
  const rules = {
    tokens: {
      kind: 'bucket',
      capacity: 10_000,
      refill: 10_000,
      per: '1h',
      limitFor: async () => ({ limit: 100_000, burst: 100_000 }),
    },
  } as const;

  it('is what penalties and rewards go by, however much was used', async () => {
    const { limiter, clock } = world(rules);
    await limiter.check('tokens', { ...ann, cost: 30_000 });
    expect(await limiter.penalty('tokens', 'ann', { units: 5_000 })).toMatchObject({ remaining: 65_000 });
    expect(await limiter.penalty('tokens', 'ann', { units: 30_000 })).toMatchObject({ remaining: 35_000 });
    // 100,000 an hour are 2,500 in a minute and a half, with each adjustment in between.
    await clock.advance(60_000);
    await limiter.reward('tokens', 'ann', { units: 1 });
    await clock.advance(30_000);
    const { remaining } = await limiter.reward('tokens', 'ann', { units: 1 });
    expect(remaining).toBeGreaterThanOrEqual(37_500);
    expect(remaining).toBeLessThanOrEqual(37_502);
  });
});

describe('a limit that is looked up', () => {
  const limits: Record<string, () => PromiseLike<{ limit: number; burst?: number }>> = {
    small: async () => ({ limit: 10 }),
    suspended: async () => ({ limit: 0 }),
    late: () => new Promise(() => undefined),
    // As builders of queries are.
    // oxlint-disable-next-line unicorn/no-thenable
    built: () => ({ then: (...then) => Promise.resolve({ limit: 7 }).then(...then) }),
  };
  const rules = {
    units: { limit: 100, per: '1m', limitFor: (name: string) => limits[name]?.() },
    other: { limit: 5, per: '1m' },
  } as const;

  it('denies what it never admits, and charges nothing else for it', async () => {
    const { limiter, store } = world(rules);
    const large = [{ rule: 'units', cost: 20 }, 'other'] as const;
    expect(await limiter.check(large, { identity: 'small' })).toMatchObject({
      ok: false,
      decidedBy: 'denied',
      violated: ['units'],
      retryAfterMs: Infinity,
    });
    expect(await limiter.check(['units', 'other'], { identity: 'suspended' })).toMatchObject({
      ok: false,
      decidedBy: 'denied',
    });
    expect(store.calls).toBe(0);
    expect(await limiter.check(large, { identity: 'gold' })).toMatchObject({ ok: true });
    await expect(limiter.check('units', { identity: 'small', cost: 1.5 })).rejects.toMatchObject({
      field: 'cost',
    });
  });

  it('denies for a moment what nobody could say, where the rule does not admit it', async () => {
    const { limiter, clock } = world(rules);
    const check = limiter.check('units', { identity: 'late', cost: 101 });
    const penalty = limiter.penalty('units', 'late', { units: 500 });
    await clock.advance(250);
    expect(await check).toMatchObject({ ok: false, decidedBy: 'closed', retryAfterMs: 1_000 });
    expect(await penalty).toMatchObject({ ok: false, remaining: 0 });
  });

  it('may be anything that can be awaited', async () => {
    const { limiter } = world(rules);
    expect(await limiter.check('units', { identity: 'built' })).toMatchObject({ remaining: 6 });
  });
});

describe('what a rule says besides its limit', () => {
  it('allows and denies those on its lists without asking the store', async () => {
    const { limiter, store } = world({
      message: { limit: 1, per: '1m', allow: ['root'], deny: (name) => name.startsWith('bot') },
      other: { limit: 1, per: '1m' },
    });
    const root = { identity: 'root' };
    for (let i = 0; i < 3; i++)
      expect(await limiter.check('message', root)).toMatchObject({ ok: true, decidedBy: 'allowed' });
    const bot = await limiter.check(['message', 'other'], { identity: 'bot 7' });
    expect(bot).toMatchObject({ ok: false, decidedBy: 'denied', retryAfterMs: Infinity });
    expect(store.calls).toBe(0);
    expect(await limiter.check(['message', 'other'], root)).toMatchObject({ ok: true, decidedBy: 'store' });
    expect(await limiter.check(['message', 'other'], root)).toMatchObject({ ok: false, violated: ['other'] });
  });

  it('only tells what it would do while it is in shadow', async () => {
    const { limiter } = world({
      message: { limit: 2, per: '1m' },
      stricter: { limit: 1, per: '1m', shadow: true },
    });
    const both = ['message', 'stricter'] as const;
    expect(await limiter.check(both, ann)).toMatchObject({ ok: true, shadowed: [] });
    expect(await limiter.check(both, ann)).toMatchObject({ ok: true, shadowed: ['stricter'], violated: [] });
    expect(await limiter.check(both, ann)).toMatchObject({ ok: false, violated: ['message'] });
    expect(limiter.stats().rules).toMatchObject([{ denied: 1 }, { shadowed: 2, denied: 0 }]);
  });

  it('has other limits for some, and its own where nobody can say in time', async () => {
    const limits: Record<string, () => Promise<{ limit: number }>> = {
      gold: async () => ({ limit: 5 }),
      broken: () => Promise.reject(new Error('no database')),
      slow: () => new Promise(() => undefined),
      wrong: async () => ({ limit: Number.NaN }),
    };
    const { limiter, clock } = world({
      message: { limit: 2, per: '1m', limitFor: (name) => limits[name]?.() },
    });
    const remaining = async (identity: string): Promise<number> =>
      (await limiter.check('message', { identity })).remaining;
    expect([await remaining('gold'), await remaining('ann')]).toEqual([4, 1]);
    expect([await remaining('broken'), await remaining('wrong')]).toEqual([1, 1]);
    const slow = remaining('slow');
    await clock.advance(250);
    expect(await slow).toBe(1);
  });

  it('blocks who exceeds it, longer each time, until that is forgotten', async () => {
    const { limiter, clock } = world({
      login: { limit: 1, per: '1s', block: { for: '10s', factor: 3, max: '1m', forget: '30s' } },
    });
    const exceed = async (): Promise<number> => {
      await limiter.check('login', ann);
      return (await limiter.check('login', ann)).retryAfterMs;
    };
    for (const blockedMs of [10_000, 30_000, 60_000, 60_000]) {
      expect(await exceed()).toBe(blockedMs);
      await clock.advance(1);
      // More attempts make it no longer.
      expect((await limiter.check('login', ann)).retryAfterMs).toBe(blockedMs - 1);
      await clock.advance(blockedMs - 1);
    }
    await clock.advance(30_000);
    expect(await exceed()).toBe(10_000);
  });
});

describe('counts that somebody changes', () => {
  const rules = { message: { limit: 4, per: '4s' }, other: { limit: 4, per: '4s' } } as const;

  it('are raised by penalties, lowered by rewards, and reset for one identity', async () => {
    const { limiter } = world(rules);
    expect(await limiter.penalty('message', 'ann', { units: 6 })).toMatchObject({ ok: false, remaining: 0 });
    expect(await limiter.check('message', ann)).toMatchObject({ ok: false, retryAfterMs: 3_000 });
    expect(await limiter.reward('message', 'ann', { units: 3 })).toMatchObject({ remaining: 1 });
    expect(await limiter.check('message', ann)).toMatchObject({ ok: true });
    await limiter.check('message', { identity: 'bob' });
    await limiter.reset({ ...ann, rules: 'message' });
    expect(await limiter.check('message', ann)).toMatchObject({ ok: true, remaining: 3 });
    expect(await limiter.check('message', { identity: 'bob' })).toMatchObject({ remaining: 2 });
  });

  it('do not matter while somebody is blocked', async () => {
    const { limiter, clock, another } = world(rules);
    await another().block(ann, '1m');
    expect(await limiter.check('message', ann)).toMatchObject({ ok: false, retryAfterMs: 60_000 });
    expect(await limiter.check('other', ann)).toMatchObject({ ok: false });
    await limiter.unblock({ ...ann, rules: 'message' });
    expect(await limiter.check('message', ann)).toMatchObject({ ok: true, remaining: 3 });
    await clock.advance(60_000);
    expect(await limiter.check('other', ann)).toMatchObject({ ok: true });
  });
});

describe('what is told', () => {
  it('is how often each rule admitted and denied, and whom it denied most', async () => {
    const { limiter } = world({ message: { limit: 1, per: '1m' }, other: { limit: 1, per: '1m' } });
    const told: Verdict[] = [];
    const end = limitDenials.subscribe((verdict) => told.push(verdict));
    for (const identity of ['ann', 'ann', 'ann', 'bob', 'bob']) await limiter.check('message', { identity });
    end();
    expect(told.map(({ rules }) => rules[0]?.identity)).toEqual(['ann', 'ann', 'bob']);
    expect(limiter.topDenied()).toEqual([
      { rule: 'message', identity: 'ann', denied: 2 },
      { rule: 'message', identity: 'bob', denied: 1 },
    ]);
    expect(limiter.stats().rules).toMatchObject([
      { name: 'message', admitted: 2, denied: 3 },
      { name: 'other', admitted: 0 },
    ]);
  });

  it('is health: degraded while the store is away, down once it is closed', async () => {
    const { limiter, store } = world({ message: { limit: 1, per: '1m' } });
    expect(await limiter.health()).toMatchObject({ status: 'up' });
    store.state = 'down';
    for (let i = 0; i < 3; i++) await limiter.check('message', ann);
    expect(await limiter.health()).toMatchObject({ status: 'degraded', details: { leftAlone: 1 } });
    await limiter.close();
    expect(await limiter.health()).toMatchObject({ status: 'down' });
    await expect(limiter.check('message', ann)).rejects.toMatchObject({ code: 'CLOSED' });
  });
});
