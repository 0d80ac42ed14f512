import { promisify } from 'node:util';
import { judged } from '../scenario.ts';
import type { Outcome } from '../scenario.ts';
import type { Contest } from './contest.ts';

interface Store {
  get(id: string, callback: (error: unknown, session?: unknown) => void): void;
  set(id: string, session: object, callback: (error?: unknown) => void): void;
  destroy(id: string, callback: (error?: unknown) => void): void;
}

/** A request that began before the logout saves its session behind it. */
async function lateSave(store: Store): Promise<Outcome> {
  const id = 'c2Vzc2lvbi1vZi1hbm4tZm9yLXRoZS1jb250ZXN0LTAx';
  const session = { cookie: { originalMaxAge: null, path: '/' }, user: 'ann' };
  await promisify(store.set.bind(store))(id, session);
  const get = promisify(store.get.bind(store));
  const slow = await get(id);
  if (typeof slow !== 'object' || slow === null) throw new Error('it does not keep sessions');
  await promisify(store.destroy.bind(store))(id);
  await promisify(store.set.bind(store))(id, slow);
  const found = (await get(id)) ?? undefined;
  return judged(
    found === undefined ? [] : ['the session is back, with its user'],
    'What it saves is dropped.',
  );
}

export const loggedOut: Contest = {
  id: 'L8',
  promise: 'A slow request that saves its session after the logout does not bring it back',
  contestants: {
    async parley({ redis, prefix }) {
      const { default: session } = await import('express-session');
      const { connectRedis, redisConfigFromUrl } = await import('@parley/adapter-redis');
      const { redisSessionStore } = await import('@parley/adapter-redis/session');
      const { createSessions, expressSessionStore } = await import('@parley/cache-core/session');
      const store = redisSessionStore(connectRedis({ ...redisConfigFromUrl(redis), prefix }));
      return lateSave(expressSessionStore(session, createSessions({ store })));
    },
    async 'connect-redis'({ redis, prefix }) {
      const { createClient } = await import('redis');
      const { RedisStore } = await import('connect-redis');
      const client = createClient({ url: redis });
      await client.connect();
      return lateSave(new RedisStore({ client, prefix }));
    },
  },
};
