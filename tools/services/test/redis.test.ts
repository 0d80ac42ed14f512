import { existsSync } from 'node:fs';
import { readdir } from 'node:fs/promises';
import { createServer } from 'node:net';
import { once } from 'node:events';
import { join } from 'node:path';
import { Redis } from 'ioredis';
import { afterAll, beforeAll, beforeEach, describe, expect, test } from 'vitest';
import { processInfo } from '../src/processes.ts';
import type { RedisServer } from '../src/redis.ts';
import { startRedis } from '../src/redis.ts';
import { withRedis } from '../src/redis-admin.ts';
import { until } from '../src/until.ts';
import { isRunning } from './support/owners.ts';

let redis: RedisServer;

beforeAll(async () => {
  redis = await startRedis();
});

afterAll(async () => {
  await redis.stop();
});

/** As a test would connect: through the URL, without rights of an administrator. */
async function withClient<T>(url: string, use: (client: Redis) => Promise<T>, options = {}): Promise<T> {
  const client = new Redis(url, {
    maxRetriesPerRequest: 0,
    retryStrategy: () => null,
    lazyConnect: true,
    ...options,
  });
  client.on('error', () => undefined);
  try {
    await client.connect();
    return await use(client);
  } finally {
    client.disconnect();
  }
}

test('answers under its URL, on loopback only', async () => {
  expect(await withClient(redis.url, (client) => client.ping())).toBe('PONG');
  expect(await redis.command('CONFIG', 'GET', 'bind')).toEqual(['bind', '127.0.0.1']);
});

test('takes directives of redis.conf', async () => {
  await using small = await startRedis({
    config: {
      maxmemory: '3mb',
      'maxmemory-policy': 'allkeys-lru',
      save: '900 1 300 10',
      'notify-keyspace-events': '',
    },
  });
  expect(await small.command('CONFIG', 'GET', 'maxmemory-policy')).toEqual([
    'maxmemory-policy',
    'allkeys-lru',
  ]);
  expect(await small.command('CONFIG', 'GET', 'save')).toEqual(['save', '900 1 300 10']);
  await withClient(small.url, async (client) => {
    for (let index = 0; index < 40; index++) await client.set(`key${index}`, 'x'.repeat(100_000));
    expect(await client.dbsize()).toBeLessThan(40);
  });
});

test('a directive that Redis does not know is told with what Redis says', async () => {
  await expect(startRedis({ config: { 'no-such-directive': '1' } })).rejects.toThrow(/no-such-directive/);
});

test('with a password and users, only who knows gets in, and administration goes on', async () => {
  await using closed = await startRedis({
    config: { requirepass: '"a b@c"' },
    users: ['alice on >secret ~app:* +get'],
  });
  expect(await withClient(closed.url, (client) => client.ping())).toBe('PONG');
  const stranger = { host: closed.host, port: closed.port };
  await expect(withRedis(stranger, (call) => call('PING'))).rejects.toThrow(/NOAUTH/);
  await withClient(
    `redis://alice:secret@127.0.0.1:${closed.port}`,
    async (client) => {
      expect(await client.get('app:1')).toBeNull();
      await expect(client.get('other')).rejects.toThrow(/NOPERM/);
    },
    { enableReadyCheck: false },
  );
  expect(await closed.command('PING')).toBe('PONG');
});

test('speaks TLS with a certificate that a client can verify', async () => {
  await using safe = await startRedis({ tls: true });
  expect(safe.url).toMatch(/^rediss:/);
  const trusting = { tls: { ca: safe.ca } };
  expect(await withClient(safe.url, (client) => client.ping(), trusting)).toBe('PONG');
  expect(
    await withClient(safe.url.replace('127.0.0.1', 'localhost'), (client) => client.ping(), trusting),
  ).toBe('PONG');
  await expect(withRedis({ ...safe.access, ca: '' }, (call) => call('PING'))).rejects.toThrow(/self-signed/);
});

describe('pause', () => {
  test('is over when it resolves, and nothing is answered until resume', async () => {
    await redis.pause();
    expect(processInfo(redis.pid)?.state).toBe('T');
    expect(redis.serving()).toBe(false);
    await expect(withRedis(redis.access, (call) => call('PING'), 200)).rejects.toThrow(/time/i);
    await redis.resume();
    expect(redis.serving()).toBe(true);
    expect(await redis.command('PING')).toBe('PONG');
  });
});

describe('death and return', () => {
  beforeEach(async () => {
    await redis.command('FLUSHALL');
  });

  test('after kill nobody listens; restart has the same port and another process', async () => {
    const { pid, port } = redis;
    await redis.kill();
    expect(isRunning(pid)).toBe(false);
    await expect(redis.command('PING')).rejects.toThrow(/ECONNREFUSED/);
    await redis.restart({ data: 'keep' });
    expect(redis.port).toBe(port);
    expect(redis.pid).not.toBe(pid);
    expect(await redis.command('PING')).toBe('PONG');
  });

  test('a running server keeps everything over restart keep, even without persistence', async () => {
    await redis.command('SET', 'a', '1');
    await redis.restart({ data: 'keep' });
    expect(await redis.command('GET', 'a')).toBe('1');
  });

  test('without persistence a killed server has lost all, also what an earlier restart kept', async () => {
    await redis.command('SET', 'a', '1');
    await redis.restart({ data: 'keep' });
    await redis.kill();
    await redis.restart({ data: 'keep' });
    expect(await redis.command('GET', 'a')).toBeNull();
  });

  test('with an append-only file a killed server has what it acknowledged', async () => {
    await using durable = await startRedis({ config: { appendonly: 'yes', appendfsync: 'always' } });
    await durable.command('SET', 'a', '1');
    await durable.kill();
    await durable.restart({ data: 'keep' });
    expect(await durable.command('GET', 'a')).toBe('1');
  });

  test('restart wipe comes back empty, whatever the server had on disk', async () => {
    await using durable = await startRedis({ config: { appendonly: 'yes' } });
    await durable.command('SET', 'a', '1');
    await durable.restart({ data: 'wipe' });
    expect(await durable.command('GET', 'a')).toBeNull();
  });

  test('a paused server is killed by restart, as a hung one would be', async () => {
    await redis.command('SET', 'a', '1');
    await redis.pause();
    await redis.restart({ data: 'keep' });
    expect(await redis.command('GET', 'a')).toBeNull();
    expect(redis.serving()).toBe(true);
  });

  test('a server whose port was taken meanwhile says so', async () => {
    await using other = await startRedis();
    await other.kill();
    const thief = createServer((socket) => socket.resume()).listen(other.port, '127.0.0.1');
    await once(thief, 'listening');
    await expect(other.restart({ data: 'keep' })).rejects.toThrow(`port ${other.port} is taken`);
    thief.close();
    await once(thief, 'close');
    await other.restart({ data: 'keep' });
    expect(await other.command('PING')).toBe('PONG');
  });

  test('stop leaves no process and no folder, also when paused or killed, and is safe twice', async () => {
    const [one, two, three] = await Promise.all([startRedis(), startRedis(), startRedis()]);
    await two.pause();
    await three.kill();
    for (const server of [one, two, three]) {
      await server.stop();
      await server.stop();
      expect(isRunning(server.pid)).toBe(false);
      expect(existsSync(server.folder)).toBe(false);
      expect(existsSync(`${server.folder}.log`)).toBe(false);
      await expect(server.restart({ data: 'keep' })).rejects.toThrow(/stopped/);
    }
  });
});

describe('faults of connections and scripts', () => {
  test('killClients cuts one kind of connection', async () => {
    const subscriber = new Redis(redis.url);
    const worker = new Redis(redis.url);
    await subscriber.subscribe('channel');
    await worker.ping();
    const cut = once(subscriber, 'close');
    let workerCut = false;
    worker.once('close', () => (workerCut = true));
    expect(await redis.killClients('pubsub')).toBe(1);
    await cut;
    await worker.ping();
    expect(workerCut).toBe(false);
    subscriber.disconnect();
    worker.disconnect();
  });

  test('flushScripts forgets them', async () => {
    await withClient(redis.url, async (client) => {
      const sha = String(await client.call('SCRIPT', 'LOAD', 'return 7'));
      expect(await client.evalsha(sha, 0)).toBe(7);
      await redis.flushScripts();
      await expect(client.evalsha(sha, 0)).rejects.toThrow(/NOSCRIPT/);
    });
  });
});

describe('replication', () => {
  test('a replica has the data of its master, misses what comes after falling behind, and is promoted with what it has', async () => {
    await using replica = await startRedis();
    await redis.command('SET', 'a', 'early');
    await replica.replicate(redis);
    expect(await replica.command('GET', 'a')).toBe('early');
    await replica.fallBehind();
    await redis.command('SET', 'a', 'late');
    await expect(
      withClient(replica.url, (client) => client.set('a', 'x'), { enableReadyCheck: false }),
    ).rejects.toThrow(/READONLY/);
    await replica.promote();
    expect(await withClient(replica.url, (client) => client.get('a'))).toBe('early');
    expect(await withClient(replica.url, (client) => client.set('b', 'x'))).toBe('OK');
  });

  test('replicates from a master with a password, and is a replica again after a restart', async () => {
    await using master = await startRedis({ config: { requirepass: 'secret' } });
    await using replica = await startRedis();
    await replica.replicate(master);
    await replica.restart({ data: 'keep' });
    await master.command('SET', 'a', '1');
    await until(async () => (await replica.command('GET', 'a')) === '1', { what: 'the write is replicated' });
    expect(await replica.command('ROLE')).toContain('slave');
  });
});

test('nothing of one server is found in the folder of another', async () => {
  await using other = await startRedis();
  expect(other.folder).not.toBe(redis.folder);
  expect(await readdir(join(other.folder, 'data'))).toEqual([]);
});
