import { postgresInvalidation } from '@parley/adapter-postgres/cache';
import { virtualClock } from '@parley/cache-core/kernel';
import { until } from '@parley/services';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { openBackend } from '../support/backends.ts';
import type { Backend } from '../support/backends.ts';
import { listen, notice } from '../support/ear.ts';

describe.each(['a server', 'PGlite in memory'])('on %s', (name) => {
  let backend: Backend;
  beforeAll(async () => {
    backend = await openBackend(name);
  });
  afterAll(() => backend[Symbol.asyncDispose]());

  test('what one publishes, all hear, from when they are live', async () => {
    await using one = postgresInvalidation(backend.db, { topic: 'all' });
    await using two = postgresInvalidation(backend.other, { topic: 'all' });
    const ears = [listen(one), listen(two), listen(two)];
    for (const ear of ears) await ear.becomes('live');
    await one.publish({ origin: 'me', keys: [['ns:a "1"', 7]], guards: [['t:users', 9]] });
    await two.publish(notice('b'));
    for (const ear of ears) await until(() => ear.keys.length === 3, { what: 'they are heard' });
    for (const ear of ears) expect(ear.keys).toEqual(['ns:a "1"', 't:users', 'b']);
    const late = listen(two);
    await late.becomes('live');
    expect([late.keys, ears[0]?.states]).toEqual([[], ['live']]);
  });

  test('topics do not hear of one another', async () => {
    await using one = postgresInvalidation(backend.db, { topic: 'one' });
    await using two = postgresInvalidation(backend.db, { topic: 'two' });
    const ears = [listen(one), listen(two)];
    for (const ear of ears) await ear.becomes('live');
    await one.publish(notice('of one'));
    await two.publish(notice('of two'));
    for (const ear of ears) await until(() => ear.keys.length > 0, { what: 'they are heard' });
    expect(ears.map(({ keys }) => keys)).toEqual([['of one'], ['of two']]);
  });

  test('a thousand in one turn are few notifications, and none is lost', async () => {
    await using one = postgresInvalidation(backend.db, { topic: 'many' });
    const ear = listen(one);
    await ear.becomes('live');
    const keys = Array.from({ length: 1_000 }, (_, i) => `a key of some length, with a number: ${i}`);
    await Promise.all(keys.map((key) => one.publish(notice(key))));
    await until(() => ear.keys.length === 1_000, { what: 'they are heard' });
    expect(ear.keys).toEqual(keys);
    const { rows } = await backend.db.query({
      text: `select position from ${backend.db.schema}.notice_positions where topic = 'many'`,
    });
    expect(Number(rows[0]?.[0])).toBeLessThan(15);
    expect(ear.states).toEqual(['live']);
  });

  test('what is too long to be told makes everybody forget everything', async () => {
    await using one = postgresInvalidation(backend.db, { topic: 'long', heartbeat: '200ms' });
    const ear = listen(one);
    await ear.becomes('live');
    await one.publish(notice('"'.repeat(5_000)));
    await until(() => ear.states.join() === 'live,suspect,live', { what: 'it has begun anew' });
    await one.publish(notice('next'));
    await until(() => ear.keys.includes('next'), { what: 'the next is heard' });
    expect(ear.state()).toBe('live');
  });

  test('a listener that throws harms nobody', async () => {
    await using one = postgresInvalidation(backend.db, { topic: 'throwing' });
    const fail = (): void => {
      throw new Error('of the application');
    };
    one.subscribe({ notice: fail, state: fail });
    const ear = listen(one);
    await ear.becomes('live');
    await one.publish(notice('a'));
    await until(() => ear.keys.length === 1, { what: 'it is heard' });
    expect(ear.keys).toEqual(['a']);
  });

  test('who has left hears nothing more, and may come back', async () => {
    await using one = postgresInvalidation(backend.db, { topic: 'leaving' });
    const first = listen(one);
    await first.becomes('live');
    await first.subscription.close();
    await first.subscription.close();
    await one.publish(notice('meanwhile'));
    const second = listen(one);
    await second.becomes('live');
    await one.publish(notice('after'));
    await until(() => second.keys.length === 1, { what: 'it is heard' });
    expect([first.keys, first.states, second.keys]).toEqual([[], ['live'], ['after']]);
  });

  test('closing leaves no timer behind', async () => {
    const clock = virtualClock();
    const one = postgresInvalidation({ ...backend.db, clock }, { topic: 'closing' });
    const ear = listen(one);
    await ear.becomes('live');
    expect(clock.pending).toBeGreaterThan(0);
    await one.close();
    expect(clock.pending).toBe(0);
    expect(ear.state()).toBe('suspect');
  });

  test('a topic of another form is refused', () => {
    expect(() => postgresInvalidation(backend.db, { topic: 'A' })).toThrow(
      expect.objectContaining({ field: 'topic' }),
    );
    expect(() => postgresInvalidation(backend.db, { heartbeat: 0 })).toThrow(
      expect.objectContaining({ field: 'heartbeat' }),
    );
  });
});
