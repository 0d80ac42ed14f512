import { createSessions, memorySessionStore, sessionTroubles } from '@parley/cache-core/session';
import type { SessionTrouble } from '@parley/cache-core/session';
import { describe, expect, it } from 'vitest';
import { times, world } from './support.ts';

interface Cart {
  readonly items: readonly string[];
}

const empty: Cart = { items: [] };

describe('a session', () => {
  it('is known by its id alone, of which the store never hears', async () => {
    const { sessions, store } = world<Cart>();
    const { id, handle } = await sessions.create({ user: 'ann', data: { items: ['a'] } });
    expect(await sessions.get(id)).toMatchObject({ user: 'ann', data: { items: ['a'] }, handle });
    expect(await sessions.get(handle)).toBeUndefined();
    const next = await sessions.signIn(id, { user: 'bob' });
    await sessions.update(next?.id ?? '', () => empty);
    await sessions.destroy(next?.id ?? '');
    expect(id).toMatch(/^[\w-]{43}$/);
    expect(store.given.join(' ')).not.toContain(id);
    expect(store.given.join(' ')).not.toContain(next?.id);
  });

  it('is not there for anything that is no id, and that is no mistake', async () => {
    const { sessions, store } = world<Cart>();
    for (const made of ['', '\0', 'x'.repeat(5_000), 'x'.repeat(43), '\ud800']) {
      expect(await sessions.get(made)).toBeUndefined();
      expect(await sessions.touch(made)).toBe(false);
      expect(await sessions.destroy(made)).toBe(false);
      expect(await sessions.signIn(made, { user: 'ann' })).toBeUndefined();
    }
    expect(times(store.asked, 'create')).toBe(0);
  });

  it('says from where it is used, cleaned of what anybody could send', async () => {
    const { sessions } = world<Cart>();
    const userAgent = `Evil\u001b[2J${'x'.repeat(2_000)}`;
    const { id } = await sessions.create({ data: empty, address: '192.0.2.7', userAgent });
    const found = await sessions.get(id);
    expect(found?.address).toBe('192.0.2.7');
    expect(found?.userAgent).toHaveLength(512);
    expect(found?.userAgent).not.toContain('\u001b');
  });

  it('lives as long as it is seen, and no longer than its greatest age', async () => {
    const { sessions, clock } = world<Cart>({ ttl: '1h', maxAge: '5h' });
    const { id } = await sessions.create({ data: empty });
    for (let minutes = 0; minutes < 300; minutes += 50) {
      expect(await sessions.get(id)).toBeDefined();
      await clock.advance(50 * 60_000);
    }
    expect(await sessions.get(id)).toBeUndefined();
    const second = await sessions.create({ data: empty });
    await clock.advance(60 * 60_000 + 1);
    expect(await sessions.get(second.id)).toBeUndefined();
  });

  it('is told to be seen once a minute, and not with each request', async () => {
    const { sessions, store, clock } = world<Cart>();
    const { id } = await sessions.create({ data: empty });
    for (let second = 0; second < 600; second++) {
      await sessions.get(id);
      await clock.advance(1_000);
    }
    expect(times(store.asked, 'read')).toBe(600);
    expect(times(store.asked, 'touch')).toBe(9);
    await clock.advance(60_000);
    await Promise.all(Array.from({ length: 30 }, () => sessions.get(id)));
    expect(times(store.asked, 'touch')).toBe(10);
    await clock.advance(60_000);
    await sessions.get(id, { touch: false });
    expect(times(store.asked, 'touch')).toBe(10);
  });

  it('that ends while it is looked at is not there', async () => {
    const { sessions, store, clock } = world<Cart>();
    const { id } = await sessions.create({ data: empty });
    await clock.advance(120_000);
    const { touch } = store;
    Object.assign(store, { touch: async () => (await sessions.destroy(id), touch(id, 1)) });
    expect(await sessions.get(id)).toBeUndefined();
  });
});

describe('signing in', () => {
  it('gives another id, so that who had planted the former one has nothing', async () => {
    const { sessions } = world<Cart>();
    const planted = await sessions.create({ data: { items: ['kept'] } });
    const own = await sessions.signIn(planted.id, { user: 'ann', address: '192.0.2.7' });
    expect(own?.id).not.toBe(planted.id);
    expect(await sessions.get(planted.id)).toBeUndefined();
    const found = await sessions.get(own?.id ?? '');
    expect(found).toMatchObject({ user: 'ann', data: { items: ['kept'] }, address: '192.0.2.7' });
    expect(await sessions.signIn(planted.id, { user: 'thief' })).toBeUndefined();
    expect(await sessions.update(planted.id, () => empty)).toBeUndefined();
  });

  it.each(['before', 'while', 'after'] as const)('a logout wins that comes %s it', async (when) => {
    const { sessions } = world<Cart>();
    const { id, handle } = await sessions.create({ user: 'ann', data: empty });
    const phone = await sessions.create({ user: 'ann', data: empty });
    const steps = [() => sessions.destroy(id), () => sessions.signIn(id, { user: 'ann' })];
    if (when === 'while') await Promise.all(steps.toReversed().map((step) => step()));
    else for (const step of when === 'after' ? steps.toReversed() : steps) await step();
    const renewed = await sessions.rotate(phone.id);
    expect(await sessions.list('ann')).toHaveLength(1);
    expect(await sessions.revoke('eve', phone.handle)).toBe(false);
    expect(await sessions.revoke('ann', handle)).toBe(false);
    expect(await sessions.revoke('ann', phone.handle)).toBe(true);
    expect(await sessions.get(renewed?.id ?? '')).toBeUndefined();
  });

  it('begins the life of the session anew, and rotating alone does not', async () => {
    const { sessions, clock } = world<Cart>({ ttl: '1h', maxAge: '2h' });
    const begun = await sessions.create({ data: empty });
    await clock.advance(50 * 60_000);
    const signedIn = await sessions.signIn(begun.id, { user: 'ann' });
    await clock.advance(50 * 60_000);
    const rotated = await sessions.rotate(signedIn?.id ?? '');
    await clock.advance(50 * 60_000);
    expect(await sessions.touch(rotated?.id ?? '')).toBe(true);
    expect((await sessions.get(rotated?.id ?? ''))?.endsInMs).toBe(20 * 60_000);
  });
});

describe('data', () => {
  it('comes back as it was, or is refused with the reason', async () => {
    const { sessions } = world();
    for (const data of [{ at: new Date(0) }, { ids: new Set([1]) }, { n: Number.NaN }, { big: 1n }]) {
      await expect(sessions.create({ data })).rejects.toMatchObject({
        code: 'INVALID_ARGUMENT',
        field: 'data',
      });
    }
    await expect(sessions.create({ data: { f: () => 1 } })).rejects.toMatchObject({
      code: 'INVALID_ARGUMENT',
    });
    await expect(sessions.create({ data: { long: 'x'.repeat(2 ** 20) } })).rejects.toThrow(/bytes/);
  });

  it('is held to its schema when it is written and when it is read', async () => {
    const schema = {
      '~standard': {
        version: 1,
        vendor: 'test',
        validate: (value: unknown) => {
          const items: unknown = typeof value === 'object' && value !== null && Reflect.get(value, 'items');
          return Array.isArray(items)
            ? { value: { items: items.map(String) } }
            : { issues: [{ message: 'no items' }] };
        },
      },
    } as const;
    const { sessions, store, clock } = world<Cart>({ schema });
    const { id } = await sessions.create({ data: { items: ['a'] } });
    const wrong: Cart = JSON.parse('{"things":[]}');
    await expect(sessions.update(id, () => wrong)).rejects.toThrow(/no items/);
    await createSessions({ store, clock }).update(id, () => ({ old: true }));
    await expect(sessions.get(id)).rejects.toMatchObject({ code: 'SESSION_DATA_INVALID' });
    await createSessions({ store, clock }).update(id, () => ({ items: [1] }));
    expect((await sessions.get(id))?.data).toEqual({ items: ['1'] });
  });

  it('loses no change, however many change it at the same time', async () => {
    const { sessions } = world<Cart>();
    const { id } = await sessions.create({ data: empty });
    const names = Array.from({ length: 8 }, (_, i) => `item ${i}`);
    const add = (name: string) => sessions.update(id, ({ items }) => ({ items: [...items, name] }));
    await Promise.all(names.map(add));
    expect((await sessions.get(id))?.data.items.toSorted()).toEqual(names);
  });

  it('is written in the version that was read, or not at all', async () => {
    const { sessions } = world<Cart>();
    const { id } = await sessions.create({ user: 'ann', data: empty });
    const version = (await sessions.get(id))?.version ?? '';
    expect(await sessions.write(id, { items: ['1'] }, { version })).toBe(true);
    await expect(sessions.write(id, { items: ['2'] }, { version })).rejects.toMatchObject({
      code: 'SESSION_CONFLICT',
      retryable: true,
    });
    expect(await sessions.get(id)).toMatchObject({ user: 'ann', data: { items: ['1'] } });
  });
});

describe('the sessions of a user', () => {
  it('are listed and revoked by their user alone', async () => {
    const { sessions, store, clock } = world<Cart>();
    const [phone, laptop] = [
      await sessions.create({ user: 'ann', data: empty, userAgent: 'phone' }),
      (await clock.advance(1), await sessions.create({ user: 'ann', data: empty, userAgent: 'laptop' })),
    ];
    const thief = await sessions.create({ user: 'eve', data: empty });
    const listed = await sessions.list('ann', { current: phone.id });
    expect(listed.map(({ userAgent, current }) => [userAgent, current])).toEqual([
      ['laptop', false],
      ['phone', true],
    ]);
    expect(listed.map(({ handle }) => handle)).toEqual([laptop.handle, phone.handle]);
    expect(await sessions.revoke('eve', laptop.handle)).toBe(false);
    expect(await sessions.revoke('ann', laptop.handle)).toBe(true);
    expect(await sessions.get(laptop.id)).toBeUndefined();
    await expect(sessions.revoke('ann', 'no handle')).rejects.toMatchObject({ code: 'INVALID_ARGUMENT' });
    await expect(sessions.revoke('ann', `${phone.id};`)).rejects.not.toThrow(phone.id);
    store.asked.length = 0;
    expect(await sessions.revoke('ann', phone.id)).toBe(false);
    expect(store.asked).toEqual([]);
    expect(await sessions.revokeAll('ann', { except: phone.id })).toBe(0);
    expect(await sessions.revokeAll('ann')).toBe(1);
    expect(await sessions.get(phone.id)).toBeUndefined();
    expect(await sessions.get(thief.id)).toBeDefined();
  });
});

describe('sweeping', () => {
  it('goes on in the background, in batches, and ends with the sessions', async () => {
    const { sessions, store, clock } = world<Cart>({ ttl: '1m', sweepEvery: '5m', sweepBatch: 10 });
    for (let i = 0; i < 35; i++) await sessions.create({ data: empty });
    const figures = async () => (await sessions.health()).details?.['sessions'];
    expect(await figures()).toBe(35);
    await clock.advance(7 * 60_000);
    expect(await figures()).toBe(0);
    expect(store.asked.every((name) => name === 'create')).toBe(true);
    await sessions.create({ data: empty });
    await sessions.close();
    await clock.advance(20 * 60_000);
    expect(await figures()).toBe(1);
  });

  it('that fails is told, and tried again', async () => {
    const { store, clock } = world<Cart>();
    const told: SessionTrouble[] = [];
    const unsubscribe = sessionTroubles.subscribe((trouble) => told.push(trouble));
    let fails = true;
    const sweep: typeof store.sweep = async (limit) => {
      if (fails) throw new Error('away');
      return store.sweep(limit);
    };
    await using sessions = createSessions({ store: { ...store, sweep }, clock, ttl: '1m', sweepEvery: '5m' });
    await sessions.create({ data: {} });
    await clock.advance(7 * 60_000);
    expect(told.map(({ work }) => work)).toEqual(['sweep']);
    fails = false;
    await clock.advance(7 * 60_000);
    expect((await sessions.health()).details).toMatchObject({ sessions: 0 });
    unsubscribe();
  });

  it('that is under way is not waited for by whoever closes', async () => {
    const { store, clock } = world<Cart>();
    const told: SessionTrouble[] = [];
    const unsubscribe = sessionTroubles.subscribe((trouble) => told.push(trouble));
    const begun: number[] = [];
    const sweep = (): Promise<never> => new Promise(() => begun.push(clock.monotonic()));
    const sessions = createSessions({ store: { ...store, sweep }, clock, sweepEvery: '5m' });
    while (begun.length === 0) await clock.advance(10_000);
    const asked = sessions.sweep().catch((error: unknown) => error);
    await sessions.close();
    expect(await asked).toMatchObject({ code: 'CLOSED' });
    expect(told.map(({ work }) => work)).toEqual([]);
    unsubscribe();
  });
});

describe('options', () => {
  it.each([
    [{ ttl: '0ms' }, 'ttl'],
    [{ ttl: '2d', maxAge: '1d' }, 'maxAge'],
    [{ ttl: '1m', touchEvery: '1m' }, 'touchEvery'],
    [{ deadline: '0s' }, 'deadline'],
    [{ sweepBatch: 0 }, 'sweepBatch'],
  ] as const)('%o are refused by name', (options, field) => {
    expect(() => createSessions({ store: memorySessionStore(), ...options })).toThrow(
      expect.objectContaining({ code: 'INVALID_ARGUMENT', field }),
    );
  });
});
