import { readFileSync } from 'node:fs';
import { sharedPostgres } from '@parley/services';
import { expect, it } from 'vitest';
// #region program
import { connectPostgres, migrate } from '@parley/adapter-postgres';
import { postgresBroker } from '@parley/adapter-postgres/bus';
import { postgresCacheStore } from '@parley/adapter-postgres/cache';
import { busInvalidation, createBus } from '@parley/bus';
import { createCache } from '@parley/cache-core';

export async function greet(url: string, schema: string): Promise<string> {
  await using db = connectPostgres({ url, schema });
  await migrate(db); // makes the tables, which may take longer than a request should wait
  await using store = postgresCacheStore(db);
  await using broker = postgresBroker(db);
  await using bus = createBus({ broker }); // tells other processes what changed
  const cache = createCache({ store, invalidation: busInvalidation(bus) });

  const user = await cache.get('user:1', () => findUser(1), { ttl: '5m', tags: ['users:1'] });
  await cache.invalidateByTag('users');
  await cache.close();
  return `Hello ${user.name}`;
}
// #endregion program

const findUser = async (id: number): Promise<{ id: number; name: string }> => ({ id, name: 'Ann' });

it('runs', async () => {
  await using shared = await sharedPostgres();
  expect(await greet(shared.url, shared.schema)).toBe('Hello Ann');
});

it('is what the README shows', () => {
  const read = (path: string): string => readFileSync(new URL(path, import.meta.url), 'utf8');
  const [, tested] =
    /\/\/ #region program\n([^]*?)\/\/ #endregion program/.exec(read('program.test.ts')) ?? [];
  const [, shown] = /```ts\n([^]*?)```/.exec(read('../../README.md')) ?? [];
  expect(tested).toBeDefined();
  expect(shown).toBe(tested);
});
