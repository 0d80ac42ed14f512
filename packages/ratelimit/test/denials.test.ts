import { describe, expect, it } from 'vitest';
import { world } from './world.ts';

const ann = { identity: 'ann' };
const rules = { message: { limit: 10, per: '10s' } } as const;

describe('a denial that lasts', () => {
  it('is answered by this process, for as long as the store would deny it', async () => {
    const { limiter, store, clock } = world(rules);
    await limiter.check('message', { ...ann, cost: 10 });
    expect(await limiter.check('message', { ...ann, cost: 3 })).toMatchObject({ retryAfterMs: 3_000 });
    const { calls } = store;
    await clock.advance(999);
    const denied = await limiter.check('message', { ...ann, cost: 3 });
    expect(denied).toMatchObject({ ok: false, decidedBy: 'blocked', retryAfterMs: 2_001, resetMs: 9_001 });
    expect(store.calls).toBe(calls);
    // Less may be admitted sooner.
    await clock.advance(1);
    expect(await limiter.check('message', ann)).toMatchObject({ ok: true, decidedBy: 'store' });
    await clock.advance(3_000);
    expect(await limiter.check('message', { ...ann, cost: 3 })).toMatchObject({ decidedBy: 'store' });
  });

  it('is asked about again after a few seconds, since others may have lifted it', async () => {
    const { limiter, another, clock } = world(rules);
    const other = another();
    await limiter.block(ann, '1h');
    expect(await limiter.check('message', ann)).toMatchObject({ decidedBy: 'store' });
    await other.unblock(ann);
    expect(await limiter.check('message', ann)).toMatchObject({ ok: false, decidedBy: 'blocked' });
    await clock.advance(5_000);
    expect(await limiter.check('message', ann)).toMatchObject({ ok: true });
  });

  it('is forgotten at once when this process lifts it', async () => {
    const { limiter, clock } = world(rules);
    const deny = async (): Promise<void> => {
      await limiter.penalty('message', 'ann', { units: 20 });
      expect(await limiter.check('message', ann)).toMatchObject({ ok: false });
      expect(await limiter.check('message', ann)).toMatchObject({ decidedBy: 'blocked' });
    };
    await deny();
    await limiter.reset(ann);
    expect(await limiter.check('message', ann)).toMatchObject({ ok: true });
    await clock.advance(1);
    await deny();
    await limiter.reward('message', 'ann', { units: 20 });
    expect(await limiter.check('message', ann)).toMatchObject({ ok: true });
  });

  it('is remembered of so many only', async () => {
    const { limiter, store } = world(rules, { rememberEntries: 2 });
    for (const identity of ['a', 'b', 'c']) {
      await limiter.check('message', { identity, cost: 10 });
      await limiter.check('message', { identity });
    }
    expect(limiter.stats().denials).toBe(2);
    const { calls } = store;
    await limiter.check('message', { identity: 'a' });
    await limiter.check('message', { identity: 'c' });
    expect(store.calls).toBe(calls + 1);
  });

  it('is not remembered against a token, which may have been admitted', async () => {
    const { limiter } = world(rules);
    const call = { ...ann, cost: 10, token: 't' };
    await limiter.check('message', call);
    expect(await limiter.check('message', ann)).toMatchObject({ ok: false });
    expect(await limiter.check('message', call)).toMatchObject({ ok: true, replayed: true });
  });
});
