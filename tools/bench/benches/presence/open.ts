import type { Broker } from '@parley/bus';
import type { CreatePresenceOptions, Presence, PresenceStore } from '@parley/presence';
import type { ServerName } from '../../src/servers.ts';
import { schemaName } from '../bus/schema-name.ts';

/** Where those meet who are to see each other. */
export interface Place {
  readonly server: ServerName;
  readonly url: string;
  readonly prefix: string;
}

export interface OpenOptions extends Omit<CreatePresenceOptions, 'store' | 'feed'> {
  /** Stands before the store. */
  readonly through?: (store: PresenceStore) => PresenceStore;
}

export interface OpenPresence {
  readonly presence: Presence;
  readonly close: () => Promise<void>;
}

interface Parts {
  readonly store: PresenceStore;
  readonly broker: Broker;
  close(): Promise<void>;
}

/** As an application has it: store and bus on one connection, and the bus as the feed. */
export async function openPresence(place: Place, options: OpenOptions = {}): Promise<OpenPresence> {
  const { createPresence } = await import('@parley/presence');
  const { busFeed, createBus } = await import('@parley/bus');
  const { through = (store) => store, ...rest } = options;
  const parts = place.server === 'redis' ? await onRedis(place) : await onPostgres(place);
  const bus = createBus({ broker: parts.broker });
  // What is measured may take longer than anybody would wait, and is to be told then.
  const presence = createPresence({
    within: '60s',
    ...rest,
    store: through(parts.store),
    feed: busFeed(bus),
  });
  return {
    presence,
    async close() {
      await presence.close();
      await bus.close();
      await parts.close();
    },
  };
}

async function onRedis({ url, prefix }: Place): Promise<Parts> {
  const { connectRedis, redisConfigFromUrl } = await import('@parley/adapter-redis');
  const { redisBroker } = await import('@parley/adapter-redis/bus');
  const { redisPresenceStore } = await import('@parley/adapter-redis/presence');
  const connection = connectRedis({ ...redisConfigFromUrl(url), prefix });
  return {
    store: redisPresenceStore(connection),
    broker: redisBroker(connection),
    close: () => connection.close(),
  };
}

async function onPostgres({ url, prefix }: Place): Promise<Parts> {
  const { connectPostgres } = await import('@parley/adapter-postgres');
  const { postgresBroker } = await import('@parley/adapter-postgres/bus');
  const { postgresPresenceStore } = await import('@parley/adapter-postgres/presence');
  const db = connectPostgres({ url, schema: schemaName(prefix) });
  const broker = postgresBroker(db);
  return {
    store: postgresPresenceStore(db),
    broker,
    async close() {
      await broker.close();
      await db.close();
    },
  };
}
