import { describe, expect, it, vi } from 'vitest';
import { world, type World } from './world.ts';

const ann = { identity: 'ann' };
const rules = {
  open: { limit: 2, per: '1m', whenAway: 'open' },
  closed: { limit: 2, per: '1m', whenAway: 'closed' },
  share: { limit: 4, per: '1m' },
} as const;

describe.each(['down', 'hanging'] as const)('while the store is %s', (state) => {
  it('each rule decides as it wants to, by the deadline and without an exception', async () => {
    const { limiter, store, clock } = world(rules, { processes: 2 });
    store.state = state;
    for (const [name, expected] of [
      ['open', [true, true, true]],
      ['closed', [false, false, false]],
      ['share', [true, true, false]],
    ] as const) {
      const checks = expected.map(() => limiter.check(name, ann));
      await clock.advance(500);
      const verdicts = await Promise.all(checks);
      expect(verdicts.map(({ ok }) => ok)).toEqual(expected);
      for (const { decidedBy, error } of verdicts)
        expect([decidedBy, error?.retryable]).toEqual([name, true]);
    }
    expect(limiter.stats()).toMatchObject({ away: 9, awayAdmitted: 5 });
  });

  it('what one rule denies no other one charges', async () => {
    const { limiter, store, clock } = world(rules);
    store.state = state;
    const checks = [1, 2, 3].map(() => limiter.check(['closed', 'share'], ann));
    await clock.advance(500);
    for (const check of checks) expect(await check).toMatchObject({ ok: false, violated: ['closed'] });
    const alone = limiter.check('share', ann);
    await clock.advance(500);
    expect(await alone).toMatchObject({ ok: true, remaining: 3 });
  });

  it('nobody waits for it after a few faults, and it is asked again after a moment', async () => {
    const { limiter, store, clock } = world(rules);
    store.state = state;
    for (let i = 0; i < 3; i++) {
      const check = limiter.check('open', ann);
      await clock.advance(500);
      await check;
    }
    const { calls } = store;
    expect(await limiter.check('open', ann)).toMatchObject({ decidedBy: 'open' });
    expect(store.calls).toBe(calls);
    store.state = 'up';
    await clock.advance(1_000);
    expect(await limiter.check('open', ann)).toMatchObject({ decidedBy: 'store' });
  });

  it('whoever changes counts is told that it failed', async () => {
    const { limiter, store, clock } = world(rules);
    store.state = state;
    const block = limiter.block(ann, '1m').catch((error: unknown) => error);
    await clock.advance(500);
    expect(await block).toMatchObject({ retryable: true });
  });

  it('looks are answered too', async () => {
    const { limiter, store, clock } = world(rules);
    store.state = state;
    for (let i = 0; i < 2; i++) {
      const peek = limiter.peek(['open', 'share'], ann);
      await clock.advance(500);
      expect(await peek).toMatchObject({ ok: true, decidedBy: 'open', remaining: 1 });
    }
  });
});

it('what counts the processes may fail as well: the last number holds', async () => {
  const processes = vi.fn<() => number>().mockReturnValueOnce(4);
  processes.mockImplementation(() => {
    throw new Error('away too');
  });
  const { limiter, store, clock } = world(rules, { processes });
  store.state = 'down';
  for (const ok of [true, false]) {
    const check = limiter.check('share', ann);
    await clock.settle();
    expect(await check).toMatchObject({ ok, decidedBy: 'share' });
  }
});

describe('the share of a process', () => {
  const quota = { quota: { kind: 'bucket', capacity: 1_000, refill: 1_000, per: '1h' } } as const;

  it('admits what is larger only for the time that it takes to come back', async () => {
    const { limiter, store, clock } = world(quota, { processes: 8 });
    store.state = 'down';
    const whole = async (): Promise<boolean> => (await limiter.check('quota', { ...ann, cost: 1_000 })).ok;
    expect([await whole(), await whole()]).toEqual([true, false]);
    for (const ok of [false, true]) {
      await clock.advance(4 * 3_600_000);
      expect(await whole()).toBe(ok);
    }
  });

  it('is charged once for a token, and gives its slots anew', async () => {
    const rules = { ...quota, slots: { kind: 'concurrency', limit: 2, lease: '1m' } } as const;
    const { limiter, store } = world(rules);
    store.state = 'down';
    const call = { ...ann, token: 'request 1' };
    const ask = () => limiter.check(['quota', 'slots'], call);
    expect(await ask()).toMatchObject({ ok: true, replayed: false, holder: 'request 1' });
    await limiter.release('request 1', ann);
    expect(await ask()).toMatchObject({ ok: true, replayed: true, decidedBy: 'share' });
    expect(await limiter.peek('quota', ann)).toMatchObject({ remaining: 999 });
    expect(await limiter.peek('slots', ann)).toMatchObject({ remaining: 1 });
  });

  it('knows blocks and resets that this process told the store', async () => {
    const { limiter, store, clock } = world({ share: { limit: 1, per: '1h' } });
    await limiter.block(ann, '1m');
    await clock.advance(10_000);
    store.state = 'down';
    const verdict = await limiter.check('share', ann);
    expect(verdict).toMatchObject({ ok: false, decidedBy: 'share', retryAfterMs: 50_000 });
    store.state = 'up';
    await limiter.reset(ann);
    store.state = 'down';
    expect(await limiter.check('share', ann)).toMatchObject({ ok: true, decidedBy: 'share' });
  });
});

describe('a store of several parts', () => {
  it('lets nobody wait for a part that does not count for them', async () => {
    const { limiter, store, clock } = world(rules);
    const { take } = store;
    store.placeOf = (identity) => identity.slice(0, 1);
    store.take = async (batch) => {
      const away = batch.some(({ charges }) => charges.some(({ identity }) => identity.startsWith('a')));
      return away ? new Promise(() => undefined) : take(batch);
    };
    const hanging = [1, 2, 3].map(() => limiter.check('open', ann));
    const across = limiter.check(['open', { rule: 'share', identity: 'bob' }], ann);
    expect(await limiter.check('open', { identity: 'bob' })).toMatchObject({ decidedBy: 'store' });
    await clock.advance(500);
    expect(await across).toMatchObject({ decidedBy: 'open' });
    for (const check of hanging) expect(await check).toMatchObject({ decidedBy: 'open' });
    expect(await limiter.check('open', { identity: 'bob' })).toMatchObject({ decidedBy: 'store' });
  });
});

describe('checks that are counted by several parts', () => {
  it('do not wait for a part that does not count for them', async () => {
    const { limiter, store, clock } = world(rules);
    const { take } = store;
    store.placeOf = (identity) => identity.slice(0, 1);
    store.take = async (batch) => {
      const away = batch.some(({ charges }) => charges.some(({ identity }) => identity.startsWith('b')));
      return away ? new Promise(() => undefined) : take(batch);
    };
    const across = (identity: string) =>
      limiter.check(['open', { rule: 'closed', identity }], { identity: 'ann' });
    for (let i = 0; i < 2; i++) {
      const [well, away] = [across('cid'), across('bob')];
      await clock.advance(500);
      expect(await well).toMatchObject({ ok: true, decidedBy: 'store' });
      expect(await away).toMatchObject({ ok: false, violated: ['closed'] });
    }
  });
});

it('a look at several parts is held against none of them alone', async () => {
  const { limiter, store, clock } = world(rules);
  const { peek } = store;
  store.placeOf = (identity) => identity.slice(0, 1);
  store.peek = async (charges) => {
    const away = charges.some(({ identity }) => identity.startsWith('b'));
    return away ? new Promise(() => undefined) : peek(charges);
  };
  for (let i = 0; i < 3; i++) {
    const look = limiter.peek(['open', { rule: 'share', identity: 'bob' }], ann);
    await clock.advance(500);
    expect(await look).toMatchObject({ decidedBy: 'open' });
  }
  expect(await limiter.check('open', ann)).toMatchObject({ decidedBy: 'store' });
});

/** `dear` has asked for its limit for 200 ms when it asks the store. */
function withLateLimits(): World<keyof typeof rules | 'dear'> {
  const limitFor = (): Promise<undefined> => made.clock.sleep(200).then(() => undefined);
  const dear = { limit: 4, per: '1m', whenAway: 'closed', limitFor } as const;
  const made: World<keyof typeof rules | 'dear'> = world({ ...rules, dear }, { maxInFlight: 1 });
  return made;
}

describe('a store that is too slow', () => {
  it('is waited for by each call as long as that has time, and is at fault for none that had little', async () => {
    const { limiter, store, clock } = withLateLimits();
    const { take } = store;
    store.take = async (batch) => {
      await clock.sleep(350);
      return take(batch);
    };
    for (let i = 0; i < 4; i++) {
      const dear = limiter.check('dear', { identity: `dear ${i}` });
      await clock.advance(200);
      const plain = limiter.check('closed', { identity: `plain ${i}` });
      await clock.advance(300);
      expect(await dear).toMatchObject({ decidedBy: 'closed', error: { code: 'DEADLINE_EXCEEDED' } });
      await clock.advance(50);
      expect(await plain).toMatchObject({ ok: true, decidedBy: 'store' });
    }
    expect((await limiter.health()).status).toBe('up');
  });

  it('settles who has less time than those before them when that is over', async () => {
    const { limiter, store, clock } = withLateLimits();
    store.state = 'hanging';
    let settled = false;
    const dear = limiter.check('dear', ann).finally(() => (settled = true));
    await clock.advance(100);
    const first = limiter.check('open', ann);
    await clock.advance(50);
    const plain = limiter.check('closed', ann);
    await clock.advance(349);
    expect(settled).toBe(false);
    await clock.advance(1);
    await clock.settle();
    expect(settled).toBe(true);
    expect(await dear).toMatchObject({ decidedBy: 'closed', error: { code: 'DEADLINE_EXCEEDED' } });
    await clock.advance(100);
    expect(await first).toMatchObject({ decidedBy: 'open' });
    await clock.advance(100);
    expect(await plain).toMatchObject({ decidedBy: 'closed' });
  });

  it('lets no more than a few calls wait in it, and the rest settle by their deadline', async () => {
    const { limiter, store, clock } = world(rules, { maxInFlight: 1, maxWaiting: 3 });
    store.state = 'hanging';
    const first = limiter.check('open', ann);
    await clock.settle();
    await clock.advance(100);
    const others = [1, 2, 3].map(() => limiter.check('open', ann));
    const surplus = limiter.check('open', ann);
    expect(await surplus).toMatchObject({ decidedBy: 'open', error: { code: 'OVERLOADED' } });
    await clock.advance(400);
    expect(await first).toMatchObject({ error: { code: 'DEADLINE_EXCEEDED' } });
    await clock.advance(100);
    for (const other of others) expect(await other).toMatchObject({ ok: true, decidedBy: 'open' });
  });

  it('lets what waits be decided when the limiter is closed', async () => {
    const { limiter, store } = world(rules, { maxInFlight: 1 });
    store.state = 'hanging';
    void limiter.check('open', ann);
    await new Promise(setImmediate);
    const waiting = limiter.check('closed', ann);
    await limiter.close();
    expect(await waiting).toMatchObject({ ok: false, decidedBy: 'closed', error: { code: 'CLOSED' } });
  });
});
