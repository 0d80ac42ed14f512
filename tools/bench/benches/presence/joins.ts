import type { ServerName } from '../../src/servers.ts';
import type { Subject, Subjects } from '../../src/scenario.ts';
import { schemaName } from '../bus/schema-name.ts';
import { bareCrowd } from './bare-crowd.ts';
import { agentNames, channelNames, entries, joinAll, leaveAll, mustBeThere } from './crowd.ts';
import { openPresence } from './open.ts';

/** How many the server is told of at once, as by ours. */
const batch = 512;

/** From the first call until the store has the last one, with all that others are told of it. */
function ours(server: ServerName): Subject {
  return async ({ url, prefix }) => {
    const { presence, close } = await openPresence({ server, url: url(server), prefix });
    let crowds = 0;
    return {
      async op() {
        const names = channelNames(crowds++);
        const from = performance.now();
        const connections = await joinAll(presence, names);
        const seconds = (performance.now() - from) / 1_000;
        await mustBeThere(presence, names);
        await leaveAll(connections);
        return seconds;
      },
      teardown: close,
    };
  };
}

/** A field of a hash and a word to others for each, without leases and logs. */
const bareRedis: Subject = async ({ url, prefix }) => {
  const { Redis } = await import('ioredis-6');
  const redis = new Redis(url('redis'));
  let crowds = 0;
  return {
    async op() {
      const names = channelNames(crowds++);
      const from = performance.now();
      await bareCrowd(redis, prefix, names, { tell: true });
      const seconds = (performance.now() - from) / 1_000;
      await redis.del(names.map((name) => prefix + name));
      return seconds;
    },
    teardown: () => redis.disconnect(),
  };
};

/** A row and a word to others for each, without leases and logs. */
const barePostgres: Subject = async ({ url, prefix }) => {
  const { default: pg } = await import('pg');
  const client = new pg.Client({ connectionString: url('postgres') });
  await client.connect();
  const table = schemaName(prefix);
  await client.query(
    `CREATE UNLOGGED TABLE ${table} (channel text, member text, value text, PRIMARY KEY (channel, member))`,
  );
  const text = `WITH new AS (INSERT INTO ${table} SELECT c, m, '' FROM unnest($1::text[], $2::text[]) AS t (c, m) RETURNING channel, member)
    SELECT count(pg_notify('${table}', channel || ' ' || member)) FROM new`;
  let crowds = 0;
  return {
    async op() {
      const pairs = channelNames(crowds++).flatMap((name) => agentNames.map((agent) => [name, agent]));
      const from = performance.now();
      for (let i = 0; i < entries; i += batch) {
        const part = pairs.slice(i, i + batch);
        const values = [part.map(([name]) => name), part.map(([, agent]) => agent)];
        await client.query({ name: 'join', text, values });
      }
      const seconds = (performance.now() - from) / 1_000;
      await client.query(`TRUNCATE ${table}`);
      return seconds;
    },
    teardown: () => client.end(),
  };
};

export const joinsRedis: Subjects = { ours: ours('redis'), floor: bareRedis };
export const joinsPostgres: Subjects = { ours: ours('postgres'), floor: barePostgres };
