import { isParleyError } from '@parley/cache-core/kernel';
import { sessionTroubles, type SessionTrouble } from '@parley/cache-core/session';
import { describe, expect, it } from 'vitest';
import { moving, times, world } from './support.ts';

interface Cart {
  readonly items: readonly string[];
}

const empty: Cart = { items: [] };

describe('trouble with the store', () => {
  it('is an error, and never the answer that there is no session', async () => {
    const { sessions, store, clock } = world<Cart>();
    const { id } = await sessions.create({ user: 'ann', data: empty });
    const calls: readonly (() => Promise<unknown>)[] = [
      () => sessions.get(id),
      () => sessions.touch(id),
      () => sessions.update(id, () => empty),
      () => sessions.rotate(id),
      () => sessions.destroy(id),
      () => sessions.list('ann'),
      () => sessions.revokeAll('ann'),
    ];
    for (const name of ['read', 'touch', 'rotate', 'destroy', 'list', 'destroyOf'] as const)
      store.away.add(name);
    for (const call of calls) {
      await expect(moving(clock, call())).rejects.toMatchObject({
        code: 'STORE_UNAVAILABLE',
        retryable: true,
      });
    }
    store.away.clear();
    expect(await sessions.get(id)).toBeDefined();
  });

  it('bridges the time that a lost connection takes to come back', async () => {
    const { sessions, store, clock } = world<Cart>({ deadline: '4s' });
    const { id } = await sessions.create({ data: empty });
    store.away.add('read');
    clock.timer(1_500, () => store.away.clear());
    expect(await moving(clock, sessions.get(id))).toBeDefined();
  });

  it('settles every call by its deadline', async () => {
    const { sessions, store, clock } = world<Cart>({ deadline: '3s' });
    const { id } = await sessions.create({ user: 'ann', data: empty });
    const calls: readonly (() => Promise<unknown>)[] = [
      () => sessions.create({ data: empty }),
      () => sessions.get(id),
      () => sessions.touch(id),
      () => sessions.write(id, empty, { version: 'v' }),
      () => sessions.update(id, () => empty),
      () => sessions.signIn(id, { user: 'ann' }),
      () => sessions.destroy(id),
      () => sessions.list('ann'),
      () => sessions.revokeAll('ann'),
    ];
    for (const call of calls) {
      store.faults.push('hung');
      const outcome = call().then(
        () => 'done',
        (error: unknown) => (isParleyError(error) ? error.code : error),
      );
      await clock.advance(3_000);
      expect(await outcome).toBe('DEADLINE_EXCEEDED');
    }
    const never = sessions
      .update(id, () => new Promise<Cart>(() => undefined))
      .catch((error: unknown) => error);
    await clock.advance(3_000);
    expect(await never).toMatchObject({ code: 'DEADLINE_EXCEEDED' });
  });

  it('a lost reply is asked for again, and what was done is not done twice', async () => {
    const { sessions, store, clock } = world<Cart>();
    store.faults.push('lost');
    const { id } = await moving(clock, sessions.create({ user: 'ann', data: empty }));
    expect(await sessions.list('ann')).toHaveLength(1);
    store.faults.push('ok', 'lost');
    const updated = sessions.update(id, ({ items }) => ({ items: [...items, 'a'] }));
    expect(await moving(clock, updated)).toEqual({ items: ['a'] });
    store.faults.push('lost', 'lost');
    const rotated = await moving(clock, sessions.signIn(id, { user: 'ann' }));
    expect(await sessions.get(rotated?.id ?? '')).toMatchObject({ data: { items: ['a'] } });
    store.faults.push('lost');
    expect(await moving(clock, sessions.revoke('ann', rotated?.handle ?? ''))).toBe(true);
    const other = await sessions.create({ data: empty });
    store.faults.push('lost');
    expect(await moving(clock, sessions.destroy(other.id))).toBe(true);
  });

  it('does not turn away who was read and could not be told to be seen', async () => {
    const { sessions, store, clock } = world<Cart>({ deadline: '3s' });
    const { id } = await sessions.create({ data: empty });
    const told: SessionTrouble[] = [];
    const unsubscribe = sessionTroubles.subscribe((trouble) => told.push(trouble));
    await clock.advance(120_000);
    store.away.add('touch');
    expect(await moving(clock, sessions.get(id))).toBeDefined();
    store.away.clear();
    await clock.advance(10_000);
    store.faults.push('ok', 'hung');
    const hung = sessions.get(id);
    await clock.advance(3_000);
    expect(await hung).toBeDefined();
    expect(told.map(({ work, store: name }) => [work, name])).toEqual([
      ['touch', 'memory'],
      ['touch', 'memory'],
    ]);
    unsubscribe();
  });

  it('keeps nobody waiting who only reads, while the store refuses what is written', async () => {
    const { sessions, store, clock } = world<Cart>();
    const { id } = await sessions.create({ data: empty });
    await clock.advance(120_000);
    store.away.add('touch');
    store.asked.length = 0;
    // Without the time going on: nothing is waited for.
    for (let i = 0; i < 20; i++) expect(await sessions.get(id)).toBeDefined();
    expect(times(store.asked, 'touch')).toBe(1);
    store.away.clear();
    await clock.advance(10_000);
    expect(await sessions.get(id)).toBeDefined();
    expect((await sessions.get(id))?.seenAt).toBe(clock.now());
  });

  it('lets a caller go who does not want to wait', async () => {
    const { sessions, store } = world<Cart>();
    const { id } = await sessions.create({ data: empty });
    store.faults.push('hung');
    const caller = new AbortController();
    const asked = sessions.get(id, { signal: caller.signal });
    caller.abort();
    await expect(asked).rejects.toMatchObject({ code: 'ABORTED' });
  });
});

describe('what comes late', () => {
  it('does not bring back who has logged out', async () => {
    const { sessions } = world<Cart>();
    const { id } = await sessions.create({ user: 'ann', data: empty });
    let logOut = async (): Promise<unknown> => sessions.destroy(id);
    const late = sessions.update(id, async ({ items }) => {
      await logOut();
      return { items: [...items, 'late'] };
    });
    expect(await late).toBeUndefined();
    expect(await sessions.touch(id)).toBe(false);
    expect(await sessions.get(id)).toBeUndefined();
    const second = await sessions.create({ user: 'ann', data: empty });
    logOut = () => sessions.revokeAll('ann');
    expect(await sessions.update(second.id, async () => (await logOut(), empty))).toBeUndefined();
    expect(await sessions.list('ann')).toEqual([]);
  });

  it('is told where a session was ended before it was known to have begun', async () => {
    const { sessions, store } = world<Cart>();
    const { create } = store;
    Object.assign(store, {
      create: async (...words: Parameters<typeof create>) => {
        await store.destroy([words[0].id], { token: 't', stoneMs: 1_000 });
        return create(...words);
      },
    });
    await expect(sessions.create({ data: empty })).rejects.toMatchObject({ code: 'SESSION_ENDED' });
  });
});
