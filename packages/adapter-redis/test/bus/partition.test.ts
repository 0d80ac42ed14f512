import type { RedisConfig } from '@parley/adapter-redis';
import { redisBroker } from '@parley/adapter-redis/bus';
import { createBus, defineTopic, type Bus, type Gap } from '@parley/bus';
import {
  partitionHost,
  startPartition,
  startProxy,
  startRedisSentinel,
  until,
  type FaultProxy,
  type Partition,
  type RedisSentinel,
  type RedisServer,
} from '@parley/services';
import { afterAll, afterEach, beforeAll, beforeEach, expect, test, vi } from 'vitest';
import { connect } from '../support/connections.ts';

vi.setConfig({ testTimeout: 150_000, hookTimeout: 150_000 });

const texts = defineTopic('text', {
  class: 'stream',
  checkEvery: '1s',
  schema: {
    '~standard': {
      version: 1,
      vendor: 'test',
      validate: (value) =>
        typeof value === 'string' ? { value } : { issues: [{ message: 'it is no text' }] },
    },
  },
});

let sentinel: RedisSentinel;
/** The Sentinels as those see them who are on the side of the master that is cut off. */
let views: readonly FaultProxy[];
let partition: Partition | undefined;
let channel = 0;
let buses: Bus[] = [];

beforeAll(async () => {
  sentinel = await startRedisSentinel({ config: { bind: `127.0.0.1 ${partitionHost}` } });
  views = await Promise.all(sentinel.sentinels.map((one) => startProxy({ target: one })));
});
afterAll(async () => {
  await Promise.all(views.map((view) => view.close()));
  await sentinel.stop();
});
beforeEach(async () => {
  channel += 1;
  await sentinel.settled();
});
afterEach(async () => {
  await partition?.heal();
  await Promise.all(buses.map((bus) => bus.close({ within: 0 })));
  buses = [];
});

/** With the Sentinels, on the side of most. */
const far = (): RedisConfig => ({
  mode: 'sentinel',
  sentinels: sentinel.sentinels.map(({ host, port }) => ({ host, port })),
  name: sentinel.name,
  responseTimeout: '1s',
  connectTimeout: '1s',
});

/** With the master that is about to be cut off; servers are reached at their other address, and Sentinels each at one of its own. */
const near = (): RedisConfig => ({
  ...far(),
  mode: 'sentinel',
  name: sentinel.name,
  sentinels: views.map(({ host, port }) => ({ host, port })),
  natMap: Object.fromEntries([
    ...sentinel.servers.map(({ host, port }) => [`${host}:${port}`, { host: partitionHost, port }] as const),
    ...sentinel.sentinels.map(({ host, port }, i) => {
      const view = views[i];
      if (view === undefined) throw new Error('a Sentinel is not seen');
      return [`${host}:${port}`, { host: view.host, port: view.port }] as const;
    }),
  ]),
});

/** A process that hears all, and remembers it. */
async function follow(config: RedisConfig) {
  const bus = createBus({
    broker: redisBroker(connect(config), { probeEveryMs: 500 }),
    publishWithin: '90s',
  });
  buses.push(bus);
  const [got, gaps]: [string[], Gap[]] = [[], []];
  const name = `c${channel}`;
  const subscription = bus.subscribe(texts, ({ data }) => void got.push(data), {
    channel: name,
    onGap: (gap) => void gaps.push(gap),
  });
  await subscription.ready({ within: '30s' });
  return {
    bus,
    got,
    gaps,
    publish: (text: string) => bus.publish(texts, text, { channel: name }),
    hears: (text: string) => until(() => got.includes(text), { what: `${text} is heard`, deadline: 60_000 }),
  };
}

const successorOf = (old: RedisServer): Promise<RedisServer> =>
  until(
    async () => {
      const master = await sentinel.master();
      return master.port !== old.port && master;
    },
    { what: 'the Sentinels have made another one the master', deadline: 60_000 },
  );

/** The master, and a replica that has what was said before. */
async function roles(): Promise<{ old: RedisServer; replica: RedisServer }> {
  const [replica] = await sentinel.replicas();
  if (replica === undefined) throw new Error('a replica is missing');
  const head = `parley:head:{bus}:text:c${channel}`;
  await until(async () => (await replica.command('HGET', head, 't')) === '1', { what: 'the replica has it' });
  return { old: await sentinel.master(), replica };
}

test('a master that is cut off together with a client takes what nobody will ever have, and that is told', async () => {
  const [cut, safe] = await Promise.all([follow(near()), follow(far())]);
  await cut.publish('before');
  await safe.hears('before');
  const { old, replica } = await roles();
  partition = await startPartition(old, { host: partitionHost, port: replica.port }, ...toAddresses(views));
  await cut.publish('swallowed 1');
  await successorOf(old);
  for (const text of ['new 1', 'new 2']) await safe.publish(text);
  // It does not know, and cannot: nobody tells it.
  await cut.publish('swallowed 2');
  await cut.hears('swallowed 2');
  await partition.heal();
  await sentinel.settled();
  await cut.publish('after');
  await Promise.all([cut.hears('after'), safe.hears('after')]);
  expect(safe.got).toEqual(['before', 'new 1', 'new 2', 'after']);
  expect(cut.got).toEqual(['before', 'swallowed 1', 'swallowed 2', 'new 1', 'new 2', 'after']);
  expect(cut.gaps).toMatchObject([{ reason: 'epoch', from: { offset: 3 }, to: { offset: 1 } }]);
  expect(new Set(safe.gaps.map(({ reason }) => reason))).toEqual(new Set(['epoch']));
});

test('who hears the Sentinels leaves a master that is cut off, and does not wait until it is back', async () => {
  const [cut, safe] = await Promise.all([follow(near()), follow(far())]);
  await cut.publish('before');
  await safe.hears('before');
  const { old } = await roles();
  partition = await startPartition(old);
  await successorOf(old);
  // What it said in the time before it heard of it is told as missing.
  await until(() => cut.gaps.length > 0, { what: 'it has left' });
  await cut.publish('meanwhile');
  await Promise.all([cut.hears('meanwhile'), safe.hears('meanwhile')]);
  await partition.heal();
  await sentinel.settled();
  await cut.publish('after');
  await Promise.all([cut.hears('after'), safe.hears('after')]);
  expect([cut.got, safe.got]).toEqual([
    ['before', 'meanwhile', 'after'],
    ['before', 'meanwhile', 'after'],
  ]);
});

test('a master that must have a replica takes nothing once it is cut off, and what waits is with its successor, once', async () => {
  const [cut, safe] = await Promise.all([follow(near()), follow(far())]);
  await cut.publish('before');
  await safe.hears('before');
  const { old, replica } = await roles();
  const setLeast = (least: number) =>
    Promise.all(
      sentinel.servers.map((server) =>
        server.command('CONFIG', 'SET', 'min-replicas-to-write', least, 'min-replicas-max-lag', 1),
      ),
    );
  await setLeast(1);
  try {
    partition = await startPartition(old, { host: partitionHost, port: replica.port }, ...toAddresses(views));
    const { resent } = cut.bus.stats();
    const early: Promise<unknown>[] = [];
    await until(
      () => {
        early.push(cut.publish(`early ${early.length}`));
        return cut.bus.stats().resent > resent;
      },
      { what: 'it takes nothing any more', every: 100 },
    );
    const waiting = cut.publish('waiting');
    const successor = await successorOf(old);
    // Its replica is on the other side.
    await successor.command('CONFIG', 'SET', 'min-replicas-to-write', 0);
    await partition.heal();
    await sentinel.settled();
    await waiting;
    await Promise.all(early);
    await cut.publish('after');
    await Promise.all([cut.hears('after'), safe.hears('after')]);
    expect(safe.got.filter((text) => text === 'waiting')).toEqual(['waiting']);
    expect(cut.got.filter((text) => text === 'waiting')).toEqual(['waiting']);
    expect(new Set(safe.got).size).toBe(safe.got.length);
  } finally {
    await partition?.heal();
    await sentinel.settled();
    await setLeast(0);
  }
});

const toAddresses = (proxies: readonly FaultProxy[]) => proxies.map(({ host, port }) => ({ host, port }));
