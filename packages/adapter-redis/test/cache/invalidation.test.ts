import { redisInvalidation } from '@parley/adapter-redis/cache';
import type { InvalidationSubscription, Notice } from '@parley/cache-core';
import { isParleyError } from '@parley/cache-core/kernel';
import { startProxy, startRedis, until, type RedisServer } from '@parley/services';
import { afterAll, beforeAll, expect, test, vi } from 'vitest';
import { connect, failure, standalone } from '../support/connections.ts';
import { arrives, checkEveryMs, Listener, notice } from '../support/listener.ts';

vi.setConfig({ testTimeout: 60_000 });

let server: RedisServer;

beforeAll(async () => {
  server = await startRedis();
});

afterAll(() => server.stop());

test('a notice reaches all who are live, as it was', async () => {
  const [one, two] = [new Listener(connect(standalone(server))), new Listener(connect(standalone(server)))];
  await Promise.all([one.live(), two.live()]);
  const told: Notice = {
    origin: 'o',
    keys: [
      ['ns:{"a}%', 7],
      ['日本', 0],
    ],
    guards: [['t:__proto__', 1_795_000_000_000_001]],
  };
  await one.invalidation.publish(told);
  await until(() => one.notices.length === 1 && two.notices.length === 1, { what: 'both heard' });
  expect([one.notices, two.notices]).toEqual([[told], [told]]);
});

test('who names itself is spared what it told itself, as long as nobody else listens here', async () => {
  const invalidation = redisInvalidation(connect(standalone(server)));
  const other = redisInvalidation(connect(standalone(server)));
  const heard = (): { origins: string[]; notice(told: Notice): void; state(): void } => {
    const origins: string[] = [];
    return { origins, notice: ({ origin }) => void origins.push(origin), state() {} };
  };
  const [own, second] = [heard(), heard()];
  const live = Promise.withResolvers<void>();
  const subscription = invalidation.subscribe({ ...own, origin: 'me', state: () => live.resolve() });
  await live.promise;
  await invalidation.publish({ ...notice('a'), origin: 'me' });
  await other.publish({ ...notice('b'), origin: 'you' });
  await until(() => own.origins.includes('you'), { what: 'the other is heard' });
  expect(own.origins).toEqual(['you']);
  const beside = invalidation.subscribe(second);
  await invalidation.publish({ ...notice('c'), origin: 'me' });
  await until(() => second.origins.includes('me'), { what: 'the second one hears the first' });
  await Promise.all([subscription.close(), beside.close()]);
});

test('what is told in one turn is one call', async () => {
  const one = new Listener(connect(standalone(server)));
  await one.live();
  await one.invalidation.publish(notice('warm'));
  await server.command('CONFIG', 'RESETSTAT');
  await Promise.all(Array.from({ length: 100 }, (_, i) => one.invalidation.publish(notice(`k${i}`))));
  await until(() => one.heard('k99'), { what: 'all is heard' });
  const stats = String(await server.command('INFO', 'commandstats'));
  expect(/cmdstat_publish:calls=(\d+)/.exec(stats)?.[1]).toBe('1');
});

test('a notice too long for one message arrives whole', async () => {
  const one = new Listener(connect(standalone(server)));
  await one.live();
  const keys = Array.from({ length: 10_000 }, (_, i) => [`key:${i}`.padEnd(50, 'x'), i] as const);
  await one.invalidation.publish({ origin: 'o', keys, guards: [] });
  await until(() => one.notices.flatMap((told) => told.keys).length >= keys.length, {
    what: 'all is heard',
  });
  expect(one.notices.length).toBeGreaterThan(1);
  expect(one.notices.flatMap((told) => told.keys)).toEqual(keys);
  expect(one.states).toEqual(['live']);
});

test('one subscriber is cut: it is suspect, comes back live, and the other hears everything', async () => {
  const proxy = await startProxy({ target: server });
  const [cut, whole] = [new Listener(connect(standalone(proxy))), new Listener(connect(standalone(server)))];
  await Promise.all([cut.live(), whole.live()]);
  proxy.refuse();
  proxy.cut();
  await until(() => cut.states.at(-1) === 'suspect', { what: 'the cut is noticed' });
  await whole.invalidation.publish(notice('meanwhile'));
  await until(() => whole.heard('meanwhile'), { what: 'the other hears' });
  await proxy.heal();
  await cut.live(2);
  expect(cut.heard('meanwhile')).toBe(false);
  expect(await arrives(whole.invalidation, cut, 'afterwards')).toBe(true);
  expect(cut.states).toEqual(['live', 'suspect', 'live']);
  expect(whole.states).toEqual(['live']);
  await proxy.close();
});

test('all subscribers are killed: all are suspect, and come back live', async () => {
  const [one, two] = [new Listener(connect(standalone(server))), new Listener(connect(standalone(server)))];
  await Promise.all([one.live(), two.live()]);
  await server.killClients('pubsub');
  await Promise.all([one.live(2), two.live(2)]);
  expect([one.states, two.states]).toEqual([
    ['live', 'suspect', 'live'],
    ['live', 'suspect', 'live'],
  ]);
  expect(await arrives(one.invalidation, two, 'afterwards')).toBe(true);
});

test('a message that was lost on its way is found by the count', async () => {
  const one = new Listener(connect(standalone(server)));
  await one.live();
  await server.command('HINCRBY', 'parley:notices:{cache}', 'last', 1);
  await one.live(2);
  expect(one.states).toEqual(['live', 'suspect', 'live']);
});

test.each<[string, () => Promise<unknown>]>([
  ['FLUSHALL', () => server.command('FLUSHALL')],
  [
    'another type under the sequence',
    async () => {
      await server.command('DEL', 'parley:notices:{cache}');
      await server.command('SET', 'parley:notices:{cache}', 'x');
    },
  ],
  ['a restart without data', () => server.restart({ data: 'wipe' })],
  ['a restart with data', () => server.restart({ data: 'keep' })],
])('after %s nothing kept is believed, and telling goes on', async (_, happen) => {
  const one = new Listener(connect(standalone(server)));
  await one.live();
  await happen();
  await one.live(2);
  expect(await arrives(one.invalidation, one, 'afterwards')).toBe(true);
});

test('a server that becomes the master may have missed something, so nothing kept is believed', async () => {
  const one = new Listener(connect(standalone(server)));
  await one.live();
  const replica = await startRedis();
  await replica.replicate(server);
  const other = new Listener(connect(standalone(replica)));
  await other.live();
  await replica.promote();
  await other.live(2);
  expect(other.states).toEqual(['live', 'suspect', 'live']);
  await other.subscription.close();
  await replica.stop();
});

test('a server that hangs is found out within the bound', async () => {
  const one = new Listener(connect(standalone(server)));
  await one.live();
  await server.pause();
  const begun = performance.now();
  await until(() => one.states.at(-1) === 'suspect', { what: 'suspect', every: 5 });
  expect(performance.now() - begun).toBeLessThan(one.invalidation.detectionMs + 1_000);
  expect(isParleyError(await failure(one.invalidation.publish(notice('k'))), 'STORE_UNAVAILABLE')).toBe(true);
  await server.resume();
  await one.live(2);
  expect(await arrives(one.invalidation, one, 'afterwards')).toBe(true);
});

test('what others say on our channel does no harm', async () => {
  const one = new Listener(connect(standalone(server)));
  await one.live();
  for (const text of ['', 'hello', '{"a":1}'])
    await server.command('PUBLISH', 'parley:notices:{cache}@0', text);
  await one.invalidation.publish(notice('k'));
  await until(() => one.heard('k'), { what: 'the notice' });
  expect(one.states).toEqual(['live']);
});

test('different prefixes and databases do not hear one another', async () => {
  const one = new Listener(connect(standalone(server)));
  const others = [
    new Listener(connect(standalone(server, { prefix: 'other:' }))),
    new Listener(connect(standalone(server)), { prefix: 'third:' }),
    new Listener(connect(standalone(server, { db: 2 }))),
  ];
  await Promise.all([one, ...others].map((listener) => listener.live()));
  await one.invalidation.publish(notice('k'));
  await until(() => one.heard('k'), { what: 'the notice' });
  await Promise.all(others.map((other) => arrives(other.invalidation, other, 'own')));
  expect(others.some((other) => other.heard('k'))).toBe(false);
});

test('subscriptions share a connection, and the last one closes it', async () => {
  const connection = connect(standalone(server));
  const invalidation = redisInvalidation(connection, { checkEveryMs });
  const states: string[][] = [[], [], []];
  const subscribe = (i: number): InvalidationSubscription =>
    invalidation.subscribe({ notice: () => undefined, state: (state) => states[i]?.push(state) });
  const first = subscribe(0);
  await until(() => states[0]?.[0] === 'live', { what: 'the first is live' });
  const second = subscribe(1);
  await until(() => states[1]?.[0] === 'live', { what: 'the second is live' });
  const subscribers = async (): Promise<number> => {
    const reply = await server.command('PUBSUB', 'NUMSUB', 'parley:notices:{cache}@0');
    return Array.isArray(reply) ? Number(reply[1]) : 0;
  };
  const shared = await subscribers();
  await first.close();
  await first.close();
  expect(await subscribers()).toBe(shared);
  await second.close();
  await until(async () => (await subscribers()) === shared - 1, { what: 'the connection is closed' });
  const third = subscribe(2);
  await until(() => states[2]?.[0] === 'live', { what: 'a later one is live' });
  await third.close();
});

test('a listener that throws harms nobody', async () => {
  const connection = connect(standalone(server));
  const invalidation = redisInvalidation(connection, { checkEveryMs });
  const bad = invalidation.subscribe({
    notice: () => {
      throw new Error('of the listener');
    },
    state: () => {
      throw new Error('of the listener');
    },
  });
  const states: string[] = [];
  const heard: Notice[] = [];
  const good = invalidation.subscribe({
    notice: (told) => heard.push(told),
    state: (state) => states.push(state),
  });
  await until(() => states.length === 1, { what: 'live' });
  await invalidation.publish(notice('k'));
  await until(() => heard.length === 1, { what: 'the notice' });
  expect(states).toEqual(['live']);
  await Promise.all([bad.close(), good.close()]);
});

test('a connection that is closed ends its subscriptions', async () => {
  const connection = connect(standalone(server));
  const one = new Listener(connection);
  await one.live();
  await connection.close();
  expect(one.states).toEqual(['live', 'suspect']);
  expect(isParleyError(await failure(one.invalidation.publish(notice('k'))), 'CLOSED')).toBe(true);
});
