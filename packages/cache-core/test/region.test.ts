import { createCache, defineKey, memoize, type Schema } from '@parley/cache-core';
import { describe, expect, expectTypeOf, it } from 'vitest';
import { bench } from './fixture.ts';

interface User {
  readonly id: number;
  readonly name: string;
}

const userSchema: Schema<User> = {
  '~standard': {
    version: 1,
    vendor: 'test',
    validate: (value) => {
      if (typeof value !== 'object' || value === null) return { issues: [{ message: 'no object' }] };
      const id: unknown = Reflect.get(value, 'id');
      const name: unknown = Reflect.get(value, 'name');
      if (typeof id !== 'number' || typeof name !== 'string')
        return { issues: [{ message: 'no id and name' }] };
      return { value: { id, name } };
    },
  },
};

const users = defineKey<User, number>('user', userSchema, {
  ttl: '5m',
  tags: (user) => [`users:${user.id}`],
});

describe('a region', () => {
  it('is typed by its schema and its ids', async () => {
    const region = createCache().region(users);
    expectTypeOf<Parameters<typeof region.get>>().toEqualTypeOf<[id: number]>();
    expectTypeOf(await region.get(1)).toEqualTypeOf<User | undefined>();
    expectTypeOf<Awaited<ReturnType<typeof region.load>>>().toEqualTypeOf<User>();
  });

  it('keeps values under its name, with its ttl and tags', async () => {
    const { join } = bench();
    const cache = join();
    const region = cache.region(users);
    expect(await region.load(7, (id) => ({ id, name: 'Ann' }))).toEqual({ id: 7, name: 'Ann' });
    expect(await cache.namespace('user').ttl('7')).toBe(300);
    await cache.invalidateByTag('users');
    expect(await region.get(7)).toBeUndefined();
  });

  it('takes what an older program stored in another form as a miss', async () => {
    const { clock, join } = bench();
    const [older, newer] = [join(), join()];
    await older.namespace('user').set('7', { id: 7, fullName: 'Ann' });
    await clock.settle();
    const region = newer.region(users);
    expect(await region.get(7)).toBeUndefined();
    expect(newer.stats().schemaMisses).toBe(1);
    expect(await region.load(7, (id) => ({ id, name: 'Ann' }))).toEqual({ id: 7, name: 'Ann' });
    expect(await region.get(7)).toEqual({ id: 7, name: 'Ann' });
  });

  it('keeps compound ids apart', async () => {
    const region = createCache().region(defineKey<User, readonly [string, string]>('pair', userSchema));
    await region.set(['a', 'b:c'], { id: 1, name: 'one' });
    await region.set(['a:b', 'c'], { id: 2, name: 'two' });
    expect((await region.get(['a', 'b:c']))?.id).toBe(1);
    expect((await region.get(['a:b', 'c']))?.id).toBe(2);
  });
});

describe('a memoized function', () => {
  it('runs once for the same arguments, whatever the order of their members', async () => {
    let runs = 0;
    const find = memoize(
      createCache(),
      async (query: { a?: number; b?: number }, page: number) => `${(runs += 1)}:${page}:${query.a}`,
      {
        name: 'find',
      },
    );
    expectTypeOf(find).toEqualTypeOf<(query: { a?: number; b?: number }, page: number) => Promise<string>>();
    expect(await find({ a: 1, b: 2 }, 3)).toBe('1:3:1');
    expect(await find({ b: 2, a: 1 }, 3)).toBe('1:3:1');
    expect(await find({ a: 1, b: 2 }, 4)).toBe('2:4:1');
  });

  it('refuses arguments that it could not tell apart', async () => {
    const find = memoize(createCache(), (when: Date) => when.getTime(), { name: 'find' });
    await expect(find(new Date())).rejects.toThrow(/arguments\[0\] must be plain data/);
  });
});
