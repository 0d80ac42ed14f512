import { redisConfigFromUrl } from '@parley/adapter-redis';
import { z } from 'zod';
import {
  addresses,
  host,
  keyPrefix,
  memorySize,
  parsed,
  port,
  secret,
  switched,
  variable,
  wholeNumber,
} from './fields.ts';

const redisUrl = parsed(redisConfigFromUrl);
const database = wholeNumber(0, 65_535);
const yesOrNo = 'true or false';
const urlForms =
  'redis://[user[:password]@]host[:port][/db], rediss:// for TLS, redis+sentinel://host,.../name[/db] or redis+cluster://host,...';

/** Where Redis is. */
export const redisVariables = {
  REDIS_URL: variable(redisUrl, {
    what: 'Redis in one text',
    allowed: urlForms,
    otherwise: 'no Redis, unless one of the following says where it is',
    visibility: 'url',
  }),
  REDIS_HOST: variable(host, {
    what: 'The host of Redis',
    allowed: 'a name or an address',
    otherwise: 'none',
  }),
  REDIS_PORT: variable(port, {
    what: 'Its port. `tcp://...`, as container platforms set it, is left alone',
    allowed: 'a whole number from 1 to 65535',
    otherwise: '6379',
  }),
  REDIS_USERNAME: variable(z.string(), {
    what: 'An ACL user',
    allowed: 'a name',
    otherwise: 'the user `default`',
  }),
  REDIS_PASSWORD: variable(secret, {
    what: 'The password',
    allowed: 'a text without line breaks',
    otherwise: 'none',
    visibility: 'secret',
  }),
  REDIS_DB: variable(database, {
    what: 'The number of the database',
    allowed: 'a whole number from 0 to 65535; 0 in a cluster',
    otherwise: '0',
  }),
  REDIS_TLS: variable(switched, {
    what: 'Whether to speak TLS. The certificate is verified; authorities of your own go into `NODE_EXTRA_CA_CERTS`',
    allowed: yesOrNo,
    otherwise: '`false`, or what the URL says',
  }),
  REDIS_KEY_PREFIX: variable(keyPrefix, {
    what: 'Stands before every key and channel',
    allowed: 'up to 128 characters without braces, quotes and control characters',
    otherwise: '`parley:`',
  }),
  REDIS_SENTINELS: variable(addresses(26_379), {
    what: 'The Sentinels, instead of a host',
    allowed: 'host:port,host:port,...',
    otherwise: 'none',
  }),
  REDIS_SENTINEL_NAME: variable(z.string(), {
    what: 'The name under which the Sentinels know the master; needed with them',
    allowed: 'a name',
    otherwise: 'none',
  }),
  REDIS_SENTINEL_PASSWORD: variable(secret, {
    what: 'The password of the Sentinels',
    allowed: 'a text without line breaks',
    otherwise: 'none',
    visibility: 'secret',
  }),
  REDIS_CLUSTER_NODES: variable(addresses(6379), {
    what: 'Some nodes of a cluster, instead of a host',
    allowed: 'host:port,host:port,...',
    otherwise: 'none',
  }),
};

const ms = (what: string, otherwise: string) =>
  variable(wholeNumber(1, 86_400_000), {
    what,
    allowed: 'a whole number of milliseconds above 0',
    otherwise,
  });
const connections = (what: string) =>
  variable(wholeNumber(0, 10_000), {
    what,
    allowed: 'a whole number from 0 to 10000',
    otherwise: 'the same',
  });

/** What a pool would need. The notes of a config tell what became of them. */
export const poolVariables = {
  REDIS_POOL_MIN: connections('No effect: the calls of all callers travel together over two connections'),
  REDIS_POOL_MAX: connections('No effect, for the same reason'),
  REDIS_ACQUIRE_TIMEOUT: ms('No effect: nobody waits for a free connection', 'the same'),
  REDIS_CREATE_TIMEOUT: ms('How long connecting may take', '5000'),
  REDIS_DESTROY_TIMEOUT: ms('How long `close()` lets the connections finish', '2000'),
  REDIS_IDLE_TIMEOUT: ms('No effect: connections stay open while the process runs', 'the same'),
  REDIS_REAP_INTERVAL: ms('No effect: there are no idle connections to look for', 'the same'),
  REDIS_CREATE_RETRY_INTERVAL: ms(
    'The longest pause before connecting is tried again; each further pause may be twice as long, up to two seconds',
    '100',
  ),
};

const policies = [
  'noeviction',
  'allkeys-lru',
  'allkeys-lfu',
  'allkeys-random',
  'volatile-lru',
  'volatile-lfu',
  'volatile-random',
  'volatile-ttl',
];

/** What the server should be set to. It is compared when a connection comes up, and never changed. */
export const serverVariables = {
  REDIS_MAX_MEMORY: variable(memorySize, {
    what: '`maxmemory` as the server should have it; a warning tells when it has not',
    allowed: 'a size as in redis.conf, such as 256mb',
    otherwise: 'not compared',
  }),
  REDIS_EVICTION_POLICY: variable(z.enum(policies), {
    what: '`maxmemory-policy` as the server should have it; a warning tells when it has not',
    allowed: `one of ${policies.join(', ')}`,
    otherwise: 'not compared',
  }),
};

/** A second Redis, for what the chat hub sends and knows of who is there. */
export const chatRedisVariables = {
  CHAT_REDIS_URL: variable(redisUrl, {
    what: 'A Redis of its own for the bus and presence of the chat hub',
    allowed: urlForms,
    otherwise: 'the Redis above, unless `CHAT_REDIS_HOST` is set',
    visibility: 'url',
  }),
  CHAT_REDIS_HOST: variable(host, { what: 'Its host', allowed: 'a name or an address', otherwise: 'none' }),
  CHAT_REDIS_PORT: variable(port, {
    what: 'Its port',
    allowed: 'a whole number from 1 to 65535',
    otherwise: '6379',
  }),
  CHAT_REDIS_USERNAME: variable(z.string(), {
    what: 'An ACL user',
    allowed: 'a name',
    otherwise: 'the user `default`',
  }),
  CHAT_REDIS_PASSWORD: variable(secret, {
    what: 'Its password',
    allowed: 'a text without line breaks',
    otherwise: 'none',
    visibility: 'secret',
  }),
  CHAT_REDIS_DB: variable(database, {
    what: 'The number of its database',
    allowed: 'a whole number from 0 to 65535; 0 in a cluster',
    otherwise: '0',
  }),
  CHAT_REDIS_TLS: variable(switched, {
    what: 'Whether to speak TLS with it',
    allowed: yesOrNo,
    otherwise: '`false`, or what the URL says',
  }),
};
