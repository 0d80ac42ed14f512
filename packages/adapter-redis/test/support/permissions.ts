import { readFileSync } from 'node:fs';
import type { RedisConnection } from '@parley/adapter-redis';
import { redisCacheStore } from '@parley/adapter-redis/cache';
import { until } from '@parley/services';
import { expect } from 'vitest';
import { Listener, notice } from './listener.ts';
import { lease, longMs, record } from './records.ts';

const readme = readFileSync(new URL('../../README.md', import.meta.url), 'utf8');
const [, rules = ''] = /```\n(\+hello[^]*?)```/.exec(readme) ?? [];
const lines = rules.split('\n').map((line) => line.match(/\+\S+/g) ?? []);

/** What the README says that an ACL user needs. */
export const permissions: readonly string[] = lines.slice(0, 2).flat();
export const clusterPermissions: readonly string[] = lines.slice(2).flat();

/** Calls every method of the store and the invalidation. */
export async function useEverything(connection: RedisConnection): Promise<void> {
  const store = redisCacheStore(connection);
  await store.write([record('a'), record('b')]);
  await store.write([record('a')]);
  expect(await store.read(['a', 'none'])).toMatchObject([{}, undefined]);
  await store.touch([{ key: 'a', freshMs: 1, keepMs: 1_000 }]);
  await lease(store, 'c', 't');
  await store.fill([{ ...record('c'), token: 't' }]);
  await lease(store, 'd', 't');
  await store.release([{ key: 'd', token: 't' }]);
  await store.remove(['a']);
  await store.epochs(['t:a'], { keepMs: longMs });
  await store.bump(['t:a'], { keepMs: longMs });
  expect(await store.epochs(['t:a'])).not.toContain(undefined);
  const listener = new Listener(connection);
  await listener.live();
  await listener.invalidation.publish(notice('told'));
  await until(() => listener.heard('told'), { what: 'the notice' });
  expect(listener.states).toEqual(['live']);
}
