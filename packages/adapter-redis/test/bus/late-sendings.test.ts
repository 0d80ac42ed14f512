import { redisBroker } from '@parley/adapter-redis/bus';
import type { Broker } from '@parley/bus';
import { startRedis, type RedisServer } from '@parley/services';
import { afterAll, beforeAll, beforeEach, expect, test, vi } from 'vitest';
import { appendOne, bodiesOf, record } from '../support/bus.ts';
import { connect, patient } from '../support/connections.ts';
import { permissions } from '../support/permissions.ts';

// Servers take their time on a machine that is busy.
vi.setConfig({ testTimeout: 60_000 });

let server: RedisServer;
let broker: Broker;
let channel: string;
let names = 0;

beforeAll(async () => {
  const rules = ['-@all', '~parley:*', '&parley:*', ...permissions];
  server = await startRedis({ users: [`least on >let-me-in ${rules.join(' ')}`] });
});
afterAll(() => server.stop());
beforeEach(() => {
  names += 1;
  channel = `topic:${names}`;
  broker = redisBroker(connect(patient(server, { username: 'least', password: 'let-me-in' })));
});

const head = (): string => `parley:head:{bus}:${channel}`;

test('a sending that was given up, and comes behind the one that was answered, is the same record, whichever sending it was, and however much came between', async () => {
  const late = record(channel, 'once');
  await appendOne(broker, { ...late, sinceMs: 2_000 });
  // More than are looked through in any case.
  await broker.streams.append(Array.from({ length: 300 }, (_, i) => record(channel, `other ${i}`)));
  for (const again of [late, { ...late, sinceMs: 0 }]) {
    expect(await appendOne(broker, again)).toMatchObject({ repeated: true, position: { offset: 1 } });
  }
  const together = await broker.streams.append([late, record(channel, 'fresh')]);
  expect(together.map(({ position }) => position.offset)).toEqual([1, 302]);
  const [first, ...rest] = await bodiesOf(broker, channel);
  expect([first, rest.length, rest.includes('once')]).toEqual(['once', 301, false]);
});

test('it is looked for as long as it may come, and then forgotten', async () => {
  const field = (id: string): Promise<unknown> => server.command('HEXISTS', head(), `~${id}`);
  const [old, young] = [record(channel, 'old'), record(channel, 'young')];
  await appendOne(broker, { ...old, sinceMs: 2_000 });
  await appendOne(broker, { ...young, sinceMs: 2_000 });
  const minutesAgo = Date.now() - 16 * 60_000;
  await server.command('HSET', head(), `~${old.id}`, `1 ${minutesAgo}`, 'f', minutesAgo);
  await appendOne(broker, record(channel, 'a'));
  expect(await Promise.all([old, young].map(({ id }) => field(id)))).toEqual([0, 1]);
  expect(await appendOne(broker, young)).toMatchObject({ repeated: true });
  await server.command('HSET', head(), `~${young.id}`, `2 ${minutesAgo}`, 'f', minutesAgo);
  await appendOne(broker, record(channel, 'b'));
  expect(await server.command('HEXISTS', head(), 'f')).toBe(0);
  expect(await bodiesOf(broker, channel)).toEqual(['old', 'young', 'a', 'b']);
});
