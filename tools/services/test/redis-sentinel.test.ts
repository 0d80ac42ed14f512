import { Redis } from 'ioredis';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { existsSync } from 'node:fs';
import type { RedisSentinel } from '../src/redis-sentinel.ts';
import { startRedisSentinel } from '../src/redis-sentinel.ts';
import { until } from '../src/until.ts';
import { isRunning } from './support/owners.ts';

let sentinel: RedisSentinel;

beforeAll(async () => {
  sentinel = await startRedisSentinel();
});

afterAll(async () => {
  await sentinel.stop();
});

test('a client finds the master through the Sentinels', async () => {
  expect(sentinel.sentinels).toHaveLength(3);
  const client = new Redis({
    sentinels: sentinel.sentinels.map(({ host, port }) => ({ host, port })),
    name: sentinel.name,
  });
  expect(await client.set('a', '1')).toBe('OK');
  const master = await sentinel.master();
  expect(await master.command('GET', 'a')).toBe('1');
  const [replica] = await sentinel.replicas();
  await until(async () => (await replica?.command('GET', 'a')) === '1', { what: 'the write is replicated' });
  client.disconnect();
});

test('failover by order swaps the roles', async () => {
  const old = await sentinel.master();
  const next = await sentinel.failover();
  expect(next.port).not.toBe(old.port);
  expect(await next.command('ROLE')).toContain('master');
  expect(await old.command('ROLE')).toContain('slave');
  expect((await sentinel.replicas()).map(({ port }) => port)).toEqual([old.port]);
}, 30_000);

test('a killed master is replaced, and is a replica when it comes back', async () => {
  const old = await sentinel.master();
  const next = await sentinel.failover({ by: 'kill' });
  expect(isRunning(old.pid)).toBe(false);
  expect((await sentinel.master()).port).toBe(next.port);
  await old.restart({ data: 'keep' });
  await sentinel.settled();
  expect(await old.command('ROLE')).toContain('slave');
}, 60_000);

test('a hung master is replaced, and is a replica when it goes on', async () => {
  const old = await sentinel.master();
  const next = await sentinel.failover({ by: 'pause' });
  expect(old.serving()).toBe(false);
  expect(await next.command('ROLE')).toContain('master');
  await old.resume();
  await sentinel.settled();
  expect(await old.command('ROLE')).toContain('slave');
}, 60_000);

test('two of three Sentinels are enough', async () => {
  const [first] = sentinel.sentinels;
  await first?.kill();
  const old = await sentinel.master();
  const next = await sentinel.failover();
  expect(next.port).not.toBe(old.port);
  await first?.restart({ data: 'keep' });
  await sentinel.settled();
  expect((await sentinel.master()).port).toBe(next.port);
}, 60_000);

test('stop leaves no process and no folder', async () => {
  const small = await startRedisSentinel({ replicas: 0, sentinels: 1 });
  const owned = [...small.servers, ...small.sentinels];
  expect(owned).toHaveLength(2);
  await small.stop();
  expect(owned.some(({ pid }) => isRunning(pid))).toBe(false);
  expect(owned.some(({ folder }) => existsSync(folder))).toBe(false);
});
