import { readFileSync } from 'node:fs';
import type { RedisConnection } from '@parley/adapter-redis';
import { redisBroker } from '@parley/adapter-redis/bus';
import { redisCacheStore } from '@parley/adapter-redis/cache';
import { redisLockStore } from '@parley/adapter-redis/lock';
import { redisPresenceStore } from '@parley/adapter-redis/presence';
import { redisLimitStore } from '@parley/adapter-redis/ratelimit';
import { redisSessionStore } from '@parley/adapter-redis/session';
import type { Broker } from '@parley/bus';
import type { LockStore } from '@parley/cache-core/lock';
import type { SessionStore } from '@parley/cache-core/session';
import type { PresenceStore, SetEntry } from '@parley/presence';
import type { LimitStore, Rule } from '@parley/ratelimit';
import { until } from '@parley/services';
import { expect } from 'vitest';
import { Hearer, longMs as keptMs, record as logged } from './bus.ts';
import { lease, longMs, record } from './records.ts';

const readme = readFileSync(new URL('../../README.md', import.meta.url), 'utf8');
const [, rules = ''] = /```\n(\+hello[^]*?)```/.exec(readme) ?? [];
const lines = rules
  .trim()
  .split('\n')
  .map((line) => line.match(/\+\S+/g) ?? []);

/** What the README says that an ACL user needs. */
export const permissions: readonly string[] = lines.slice(0, -1).flat();
export const clusterPermissions: readonly string[] = lines.slice(-1).flat();

/** Calls every method of the store and the broker. */
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
  await useBroker(redisBroker(connection));
  await usePresence(redisPresenceStore(connection));
  await useLimits(redisLimitStore(connection));
  await useSessions(redisSessionStore(connection));
  await useLocks(redisLockStore(connection));
}

async function useSessions(store: SessionStore): Promise<void> {
  const session = { id: 'a', version: 'v', user: 'ann', data: '{}', idleMs: keptMs, maxAgeMs: keptMs };
  const ending = { token: 't', stoneMs: keptMs };
  expect(await store.create({ ...session, address: 'x' })).toBe('created');
  expect(await store.write({ id: 'a', version: 'w', user: 'bob', data: '{}', idleMs: keptMs })).toBe('done');
  expect(await store.touch('a', keptMs)).toBe(true);
  const rotation = { from: 'a', to: samePlaceAs(store, 'a'), version: 'x', idleMs: keptMs, stoneMs: keptMs };
  expect(await store.rotate(rotation)).toBe('done');
  expect(await store.list('bob', 10)).toHaveLength(1);
  expect(await store.destroyOf('bob', ending)).toBe(1);
  expect(await store.destroy(['a'], { ...ending, token: 'u' })).toEqual([false]);
  expect(await store.read('a')).toBeUndefined();
}

function samePlaceAs(store: SessionStore, id: string): string {
  const names = Array.from({ length: 1_000 }, (_, i) => `b${i}`);
  return names.find((name) => store.placeOf(name) === store.placeOf(id)) ?? '';
}

async function useLocks(store: LockStore): Promise<void> {
  const turns: string[] = [];
  const ear = store.listen({ turn: (_key, token) => turns.push(token), lost: () => undefined });
  await ear.join('k');
  const [first, second] = ['one', 'two'].map((token) => ({ key: 'k', token, leaseMs: keptMs }));
  if (first === undefined || second === undefined) throw new TypeError('two tokens');
  const queue = { ear: ear.id, keepMs: keptMs };
  expect(await store.acquire(first)).toMatchObject({ state: 'granted' });
  expect(await store.acquire({ ...second, queue })).toMatchObject({ state: 'held' });
  expect(await store.extend(first)).toBe(true);
  expect(await store.release(first)).toBe(true);
  await until(() => turns.length > 0, { what: 'the turn is told' });
  expect(await store.acquire({ ...second, queue })).toMatchObject({ state: 'granted' });
  expect(await store.release({ ...second, ear: ear.id })).toBe(true);
  await ear.close();
}

async function usePresence(store: PresenceStore): Promise<void> {
  await store.open('lease', keptMs);
  const entry: SetEntry = {
    kind: 'set',
    channel: 'general',
    user: 'ann',
    id: 'tab',
    rank: 1,
    value: '',
    take: false,
    owned: true,
    idleMs: 0,
  };
  // More than a log keeps.
  const users = Array.from({ length: 200 }, (_, i) => ({ ...entry, user: `user ${i}` }));
  await store.change({ lease: 'lease', turn: 1, changes: [...users, { ...entry, forMs: keptMs }] });
  await store.change({
    lease: 'lease',
    turn: 2,
    changes: [entry, { ...entry, kind: 'remove', user: 'user 7' }],
  });
  expect((await store.beat('lease', keptMs)).held).toBe(true);
  for (const limit of [1, 1_000]) {
    const [view] = await store.read([{ channel: 'general', limit }]);
    expect(view?.members).toHaveLength(Math.min(limit, 200));
    const after = { epoch: view?.epoch ?? '', offset: 201 };
    const [diffs] = await store.read([{ channel: 'general', after, limit }]);
    expect(diffs?.diffs).toHaveLength(1);
  }
  await store.end(['lease']);
  await until(async () => (await store.reap(1_000)).nextMs === undefined, { what: 'nothing is left' });
}

async function useLimits(store: LimitStore): Promise<void> {
  for (const kind of ['gcra', 'fixed', 'sliding', 'log', 'concurrency'] as const) {
    const rule: Rule = { name: 'r', kind, limit: 2, burst: 2, periodMs: 5 };
    const target = { rule, identity: 'ann' };
    const charges = [{ ...target, cost: 1 }];
    // Until what was charged is over, and is taken out.
    for (const id of ['one', 'two', 'three', 'four', 'five']) {
      await store.take([{ charges, holder: id, token: { id, keepMs: keptMs } }]);
      await new Promise((resolve) => setTimeout(resolve, 3));
    }
    await store.peek(charges);
    await store.block([{ ...target, forMs: keptMs }]);
    await store.block([{ ...target, forMs: 0 }]);
    await store.renew([{ ...target, holder: 'five' }]);
    await store.release([{ ...target, holder: 'five' }]);
    if (kind !== 'concurrency') await store.adjust([2, -1, -1].map((by) => ({ ...target, by })));
    await store.reset([target]);
  }
}

async function useBroker(broker: Broker): Promise<void> {
  const hearer = new Hearer(broker);
  await hearer.feed.join('channel', ['t:a']);
  await hearer.feed.join('topic', ['t']);
  await hearer.feed.join('queue', ['q']);
  const keep = { count: 10, forMs: 200 };
  const once = { key: 'k', forMs: keptMs };
  await broker.streams.append([logged('t:a', 'old', { keep, wide: true, once })]);
  await until(() => hearer.records.length >= 2, { what: 'channel and topic hear' });
  // Long enough for the first one to be trimmed.
  const repeated = logged('t:a', 'again', { keep, sinceMs: 1_000 });
  await until(
    async () => {
      await broker.streams.append([repeated, logged('t:a', 'more', { keep, wide: true })]);
      const [page] = await broker.streams.read([{ channel: 't:a', after: undefined, limit: 10 }]);
      return (page?.oldest ?? 0) > 1;
    },
    { what: 'old records are trimmed' },
  );
  expect(await broker.streams.channels('t', { limit: 5 })).toHaveLength(1);
  await broker.send([{ channel: 't:a', body: 's', wide: true }]);
  await broker.streams.drop(['t:a']);
  const job = { queue: 'q', body: 'b', delayMs: 0 };
  await broker.jobs.add([
    { ...job, id: 'one', once },
    { ...job, id: 'two' },
  ]);
  const taking = { queue: 'q', limit: 5, leaseMs: keptMs, maxAttempts: 3, token: 'token' };
  expect(await broker.jobs.take(taking)).toHaveLength(2);
  const [one, two] = ['one', 'two'].map((id) => ({ queue: 'q', id, token: 'token' }));
  if (one === undefined || two === undefined) throw new TypeError('two leases');
  expect(await broker.jobs.extend([one], keptMs)).toEqual([true]);
  await broker.jobs.settle([
    { ...one, outcome: 'dead', reason: 'r' },
    { ...two, outcome: 'done' },
  ]);
  expect(await broker.jobs.dead('q', { limit: 5, after: 'none' })).toHaveLength(1);
  await broker.jobs.redrive('q', { limit: 5 });
  expect(await broker.jobs.counts('q')).toMatchObject({ ready: 1 });
  await until(() => hearer.work.length >= 2 && hearer.signals.length >= 2, { what: 'everything is heard' });
  await hearer.feed.leave('channel', ['t:a']);
  expect((await broker.health()).status).toBe('up');
}
