import { readFileSync } from 'node:fs';
import { createCache, defineKey, memoryCacheStore, type Schema } from '@parley/cache-core';
import { virtualClock } from '@parley/cache-core/kernel';
import { describe, expect, it } from 'vitest';

interface User {
  readonly id: string;
  readonly name: string;
}

const database = {
  reads: 0,
  async findUser(id: string): Promise<User> {
    this.reads += 1;
    return { id, name: 'Ann' };
  },
};

const userSchema: Schema<User> = {
  '~standard': {
    version: 1,
    vendor: 'example',
    validate: (value) => {
      const name: unknown =
        typeof value === 'object' && value !== null ? Reflect.get(value, 'name') : undefined;
      return typeof name === 'string' ? { value: { id: '1', name } } : { issues: [{ message: 'no name' }] };
    },
  },
};

describe('the examples of the documentation', () => {
  it('a value by its loader', async () => {
    database.reads = 0;
    // #region load
    const cache = createCache({ store: memoryCacheStore() });

    const user = await cache.get('user:1', () => database.findUser('1'), {
      ttl: '5m',
      tags: ['users:1'],
    });
    // From memory this time; the database is not asked.
    await cache.get('user:1', () => database.findUser('1'));

    // Everything tagged `users:1`, in every process. `users` would take all users.
    await cache.invalidateByTag('users:1');
    // #endregion load
    expect(user).toEqual({ id: '1', name: 'Ann' });
    expect(database.reads).toBe(1);
    expect(await cache.get('user:1')).toBeUndefined();
  });

  it('the code in the README is this code', () => {
    const read = (path: string): string => readFileSync(new URL(path, import.meta.url), 'utf8');
    const [, shown = ''] = /```ts\nimport .*\n\n([^]*?)```/.exec(read('../../README.md')) ?? [];
    const [, tested = ''] =
      /\/\/ #region load\n([^]*?) *\/\/ #endregion load/.exec(read('cache.test.ts')) ?? [];
    expect(shown.trim()).toBe(tested.replaceAll(/^ {4}/gm, '').trim());
    expect(shown).toContain('invalidateByTag');
  });

  it('a kind of entry', async () => {
    const cache = createCache();
    // #region region
    const users = defineKey('user', userSchema, {
      ttl: '5m',
      tags: (user) => [`users:${user.id}`],
    });

    const user = await cache.region(users).load('1', (id) => database.findUser(id));
    // #endregion region
    expect(user.name).toBe('Ann');
  });

  it('many keys with one load', async () => {
    const cache = createCache();
    // #region many
    const names = await cache.getMany(['1', '2', '3'], async (missing) =>
      missing.map((id) => `name of ${id}`),
    );
    // #endregion many
    expect(names).toEqual(['name of 1', 'name of 2', 'name of 3']);
  });

  it('what is loaded before anybody asks', async () => {
    const cache = createCache();
    const catalogue = {
      ids: ['1', '2', '3'],
      find: async (ids: readonly string[]) => ids.map((id) => ({ id })),
    };
    const progress = { loaded: 0, report: (loaded: number) => void (progress.loaded = loaded) };
    // #region warm
    const warmed = await cache.warm(catalogue.ids, (missing) => catalogue.find(missing), {
      ttl: '1h',
      batch: 500,
      concurrency: 2,
      onProgress: ({ loaded }) => progress.report(loaded),
    });
    // #endregion warm
    expect(warmed).toEqual({ present: 0, loaded: 3, failed: 0 });
    expect(progress.loaded).toBe(3);
    const product = async (id: string): Promise<{ id: string } | undefined> =>
      (await catalogue.find([id]))[0];
    // #region prefetch
    // Whoever looks at a product is likely to look at the next one.
    cache.prefetch('4', () => product('4'), { ttl: '1h', within: '5m' });
    // #endregion prefetch
    expect(await cache.get('4', () => product('4'))).toEqual({ id: '4' });
  });

  it('a stale value stands in', async () => {
    const clock = virtualClock();
    const cache = createCache({ clock });
    const rates = { fetch: async () => 1.08 };
    // #region grace
    const options = { ttl: '1m', grace: '1h', softLimit: '200ms' } as const;

    await cache.get('rate', () => rates.fetch(), options);
    // #endregion grace
    await clock.advance(90_000);
    rates.fetch = () => Promise.reject(new Error('down'));
    const failing = cache.get('rate', () => rates.fetch(), options);
    expect(await failing).toBe(1.08);
  });

  it('what a loader may decide', async () => {
    const cache = createCache();
    // #region context
    const page = await cache.get('page', async (entry) => {
      const response = { maxAge: 30, author: '7', text: 'Hello' };
      if (response.maxAge === 0) entry.skip();
      entry.ttl = response.maxAge;
      entry.tags.push(`authors:${response.author}`);
      return response.text;
    });
    // #endregion context
    expect(page).toBe('Hello');
    expect(Math.round((await cache.ttl('page')) ?? 0)).toBe(30);
    await cache.invalidateByTag('authors');
    expect(await cache.has('page')).toBe(false);
  });
});
