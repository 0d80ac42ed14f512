import { schemaName } from '../bus/schema-name.ts';
import type { Place } from './open.ts';
import type { Teller } from './told.ts';
import type { What } from './watcher-process.ts';

/** What is sent to others. */
const wordOf = (name: string): string => JSON.stringify({ user: 'ann', name });

function nameIn(word: string): string {
  const { name }: { readonly name: string } = JSON.parse(word);
  return name;
}

/** Writes it down and tells others, in one go. */
export async function bareTeller(place: Place, what: What): Promise<Teller> {
  return place.server === 'redis' ? redisTeller(place, what) : postgresTeller(place);
}

async function redisTeller({ url, prefix }: Place, what: What): Promise<Teller> {
  const { Redis } = await import('ioredis-6');
  const redis = new Redis(url);
  const [key, channel] = [`${prefix}kept`, `${prefix}told`];
  return {
    async tell(name) {
      const pipeline = redis.pipeline();
      if (what === 'typing') pipeline.zadd(key, Date.now() + 10_000, name);
      else pipeline.hset(key, 'ann', name);
      await pipeline.publish(channel, wordOf(name)).exec();
    },
    ...(what === 'typing' && { after: (name: string) => redis.zrem(key, name) }),
    close: async () => redis.disconnect(),
  };
}

async function postgresTeller({ url, prefix }: Place): Promise<Teller> {
  const { default: pg } = await import('pg');
  const client = new pg.Client({ connectionString: url });
  await client.connect();
  const table = schemaName(prefix);
  await client.query(`CREATE UNLOGGED TABLE ${table} (member text PRIMARY KEY, value text)`);
  const text = `WITH kept AS (INSERT INTO ${table} VALUES ('ann', $1) ON CONFLICT (member) DO UPDATE SET value = $1 RETURNING 1)
    SELECT pg_notify('${table}', $2) FROM kept`;
  return {
    tell: (name) => client.query({ name: 'tell', text, values: [name, wordOf(name)] }),
    close: () => client.end(),
  };
}

/** Hears what is told, from another process. */
export async function bareWatch({ server, url, prefix }: Place, seen: (name: string) => void): Promise<void> {
  if (server === 'redis') {
    const { Redis } = await import('ioredis-6');
    const redis = new Redis(url);
    redis.on('message', (_channel: string, word: string) => seen(nameIn(word)));
    await redis.subscribe(`${prefix}told`);
    return;
  }
  const { default: pg } = await import('pg');
  const client = new pg.Client({ connectionString: url });
  await client.connect();
  client.on('notification', ({ payload = '' }) => seen(nameIn(payload)));
  await client.query(`LISTEN ${schemaName(prefix)}`);
}
