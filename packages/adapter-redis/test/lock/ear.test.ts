import { connectRedis, type RedisConnection } from '@parley/adapter-redis';
import { isParleyError } from '@parley/cache-core/kernel';
import { until } from '@parley/services';
import { afterAll, beforeAll, expect, test, vi } from 'vitest';
import { internalsOf } from '../../src/connection.ts';
import { RedisLockEar } from '../../src/lock/ear.ts';
import { lockKeys } from '../../src/lock/keys.ts';
import { kinds } from '../support/kinds.ts';

// Servers take their time on a machine that is busy.
vi.setConfig({ testTimeout: 60_000, hookTimeout: 120_000 });

let connection: RedisConnection;

beforeAll(async () => {
  const config = await kinds['a Redis Cluster']?.();
  if (config === undefined) throw new Error('there is no cluster');
  connection = connectRedis({ ...config, responseTimeout: '20s' });
  await connection.ready();
});
afterAll(() => connection.close());

test('an ear does not believe to hear a channel whose slot moved while it was being subscribed to', async () => {
  const internals = internalsOf(connection);
  const keys = lockKeys(connection.prefix, connection.db, true);
  const channel = keys.channel(keys.tagOf('job'));
  let moves = true;
  const ear = new RedisLockEar({
    ...internals,
    keys,
    server: connection.server,
    random: Math.random,
    probeEveryMs: 2_500,
    listener: { turn: () => undefined, lost: () => undefined },
    openSubscriber: async (slot) => {
      const client = await internals.openSubscriber(slot);
      const subscribe = client.ssubscribe.bind(client);
      const follow = async (...channels: string[]): Promise<unknown> => {
        const reply = await subscribe(...channels);
        if (!moves || !channels.some((one) => one.startsWith(channel) && !one.endsWith(':probe')))
          return reply;
        moves = false;
        await client.sunsubscribe(...channels);
        client.emit('moved');
        return reply;
      };
      return Object.assign(client, { ssubscribe: follow });
    },
  });
  try {
    const joined = await ear.join('job').then(
      () => true,
      (error: unknown) => isParleyError(error, 'STORE_UNAVAILABLE') && 'refused',
    );
    expect([joined, moves]).toEqual(['refused', false]);
    expect(ear.hears('job')).toBe(false);
    const joins = (): Promise<boolean> =>
      ear.join('job').then(
        () => true,
        () => false,
      );
    await until(joins, { what: 'it is joined again' });
    expect(ear.hears('job')).toBe(true);
  } finally {
    await ear.close();
  }
});
