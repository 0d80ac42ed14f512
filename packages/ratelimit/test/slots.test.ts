import { describe, expect, it } from 'vitest';
import { world } from './world.ts';

const ann = { identity: 'ann' };
const rules = { jobs: { kind: 'concurrency', limit: 2, lease: '3s' } } as const;

describe('slots', () => {
  it('are out until they are given back', async () => {
    const { limiter, another } = world(rules);
    const [one, two] = [await limiter.check('jobs', ann), await another().check('jobs', ann)];
    expect([one.ok, two.ok]).toEqual([true, true]);
    expect(await limiter.check('jobs', ann)).toMatchObject({ ok: false, remaining: 0, retryAfterMs: 3_000 });
    expect(await limiter.release(one.holder ?? '', ann)).toBe(true);
    expect(await limiter.release(one.holder ?? '', ann)).toBe(false);
    expect(await limiter.check('jobs', ann)).toMatchObject({ ok: true });
  });

  it('come back by themselves when a process crashed, unless somebody renews them', async () => {
    const { limiter, clock } = world(rules);
    const kept = await limiter.check('jobs', { ...ann, token: 'kept' });
    expect(kept.holder).toBe('kept');
    await limiter.check('jobs', ann);
    await clock.advance(2_000);
    expect(await limiter.renew('kept', ann)).toBe(true);
    await clock.advance(1_000);
    expect(await limiter.check('jobs', ann)).toMatchObject({ ok: true });
    expect(await limiter.check('jobs', ann)).toMatchObject({ ok: false });
    await clock.advance(2_000);
    expect(await limiter.renew('kept', ann)).toBe(false);
  });

  it('are held while work goes on, however long, and given back when it ends or fails', async () => {
    const { limiter, clock } = world(rules);
    const end = Promise.withResolvers<string>();
    let lost: AbortSignal | undefined;
    const run = limiter.run('jobs', { ...ann, cost: 2 }, (signal) => {
      lost = signal;
      return end.promise;
    });
    for (let i = 0; i < 20; i++) await clock.advance(500);
    expect(lost?.aborted).toBe(false);
    await expect(limiter.run('jobs', ann, () => 1)).rejects.toMatchObject({ code: 'RATE_LIMITED' });
    end.resolve('done');
    expect(await run).toBe('done');
    const failing = limiter.run('jobs', { ...ann, cost: 2 }, () => Promise.reject(new Error('no')));
    await expect(failing).rejects.toThrow('no');
    expect(await limiter.peek('jobs', ann)).toMatchObject({ remaining: 2 });
  });

  it('that could not be renewed in time are told to be lost, by the clock of this process', async () => {
    const { limiter, clock, store } = world(rules);
    let lost: AbortSignal | undefined;
    const end = Promise.withResolvers<void>();
    const run = limiter.run('jobs', ann, (signal) => {
      lost = signal;
      return end.promise;
    });
    await clock.advance(500);
    store.state = 'hanging';
    for (let i = 0; i < 4; i++) await clock.advance(500);
    expect(lost?.aborted).toBe(false);
    for (let i = 0; i < 4; i++) await clock.advance(500);
    expect(lost?.reason).toMatchObject({ code: 'SLOTS_LOST' });
    store.state = 'up';
    end.resolve();
    await clock.advance(3_000);
    await run;
  });

  it('are taken anew by a call that was admitted before, and by each run for itself', async () => {
    const { limiter } = world({ ...rules, tokens: { kind: 'fixed', limit: 5, per: '1m' } });
    const both = ['tokens', 'jobs'] as const;
    const call = { ...ann, token: 'T' };
    expect(await limiter.run(both, call, () => 'done')).toBe('done');
    const end = Promise.withResolvers<void>();
    const works = [1, 2].map(() => {
      const begun = Promise.withResolvers<void>();
      const run = limiter.run(both, call, () => {
        begun.resolve();
        return end.promise;
      });
      return { run, begun: begun.promise };
    });
    await Promise.all(works.map(({ begun }) => begun));
    expect(await limiter.peek('jobs', ann)).toMatchObject({ ok: false, remaining: 0 });
    await expect(limiter.run(both, call, () => 'beyond')).rejects.toMatchObject({
      code: 'RATE_LIMITED',
      verdict: { violated: ['jobs'] },
    });
    end.resolve();
    await Promise.all(works.map(({ run }) => run));
    expect(await limiter.peek('jobs', ann)).toMatchObject({ remaining: 2 });
    expect(await limiter.peek('tokens', ann)).toMatchObject({ remaining: 4 });
  });

  it('that are asked for twice under one token are the same, and taken again after they were given back', async () => {
    const { limiter } = world(rules);
    const call = { ...ann, token: 'T' };
    await limiter.check('jobs', call);
    expect(await limiter.check('jobs', call)).toMatchObject({ ok: true, replayed: true, remaining: 1 });
    await limiter.release('T', ann);
    expect(await limiter.check('jobs', call)).toMatchObject({ ok: true, remaining: 1 });
    expect(await limiter.release('T', ann)).toBe(true);
  });

  it('that the store gave too late, or to a caller who had left, are given back to it', async () => {
    const { limiter, store, clock, memory } = world({ jobs: { ...rules.jobs, lease: '1h' as const } });
    const { take } = store;
    const late = Promise.withResolvers<void>();
    store.take = async (batch) => {
      await late.promise;
      return take(batch);
    };
    const leaving = new AbortController();
    const left = limiter.check('jobs', { ...ann, signal: leaving.signal }).catch((error: unknown) => error);
    await clock.settle();
    leaving.abort();
    expect(await left).toMatchObject({ code: 'ABORTED' });
    const end = Promise.withResolvers<void>();
    const run = limiter.run('jobs', ann, () => end.promise);
    await clock.advance(500);
    late.resolve();
    await clock.settle();
    for (let i = 0; i < 4; i++) await clock.advance(1_000);
    const rule = { name: 'jobs', kind: 'concurrency', limit: 2, burst: 2, periodMs: 3_600_000 } as const;
    const [standing] = await memory.peek([{ rule, identity: 'ann', cost: 1 }]);
    expect(standing).toMatchObject({ ok: true, remaining: 2 });
    end.resolve();
    await run;
  });

  it('are given back by work that outlives its limiter', async () => {
    const { limiter, another } = world(rules);
    const end = Promise.withResolvers<void>();
    const begun = Promise.withResolvers<void>();
    const run = limiter.run('jobs', { ...ann, cost: 2 }, () => {
      begun.resolve();
      return end.promise;
    });
    await begun.promise;
    await limiter.close();
    end.resolve();
    await run;
    expect(await another().check('jobs', ann)).toMatchObject({ ok: true });
  });

  it('are counted by this process while the store is away', async () => {
    const { limiter, store, clock } = world(rules);
    store.state = 'down';
    const all = [1, 2, 3].map(() => limiter.check('jobs', ann));
    await clock.settle();
    const [one, two, three] = await Promise.all(all);
    expect([one?.ok, two?.ok, three?.ok]).toEqual([true, true, false]);
    expect(await limiter.release(one?.holder ?? '', ann)).toBe(true);
    expect(await limiter.check('jobs', ann)).toMatchObject({ ok: true, decidedBy: 'share' });
  });
});
