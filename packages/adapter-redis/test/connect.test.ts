import { inspect } from 'node:util';
import { createServer } from 'node:net';
import { once } from 'node:events';
import { connectRedis, redisConnectionChanges, type RedisConnectionChange } from '@parley/adapter-redis';
import { redisCacheStore } from '@parley/adapter-redis/cache';
import { isParleyError } from '@parley/cache-core/kernel';
import { startProxy, startRedis, until, type RedisServer } from '@parley/services';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { connect, failure, patient, standalone } from './support/connections.ts';
import { permissions, useEverything } from './support/permissions.ts';
import { record, texts } from './support/records.ts';

let server: RedisServer;
let secured: RedisServer;

beforeAll(async () => {
  [server, secured] = await Promise.all([
    startRedis({
      users: [
        `least on >let-me-in ~parley:* &parley:* -@all ${permissions.join(' ')}`,
        `reader on >let-me-in ~parley:* &parley:* -@all +get +mget +time +info +hello +client|setname`,
        `elsewhere on >let-me-in ~other:* &* +@all`,
      ],
    }),
    startRedis({ tls: true }),
  ]);
});

afterAll(async () => {
  await Promise.all([server.stop(), secured.stop()]);
});

describe('coming up', () => {
  test('calls wait for the first connection', async () => {
    const store = redisCacheStore(connect(patient(server)));
    await store.write([record('first')]);
    expect(await texts(store, ['first'])).toEqual(['first']);
  });

  test('a server that refuses is told at once, and found when it is there', async () => {
    const proxy = await startProxy({ target: server });
    proxy.refuse();
    const connection = connect(standalone(proxy));
    const error = await failure(connection.ready());
    expect(isParleyError(error, 'STORE_UNAVAILABLE')).toBe(true);
    expect(String(error)).toMatch(/127\.0\.0\.1:\d+ could not connect: .*ECONNREFUSED/);
    const store = redisCacheStore(connection);
    expect(isParleyError(await failure(store.read(['k'])), 'STORE_UNAVAILABLE')).toBe(true);
    await proxy.heal();
    await until(async () => (await store.read(['nothing'])).length === 1, { what: 'the server is found' });
    await connection.close();
    await proxy.close();
  });

  test('a black hole is given up after the connect timeout', async () => {
    const hole = createServer((socket) => socket.pause()).listen(0, '127.0.0.1');
    await once(hole, 'listening');
    const address = hole.address();
    const port = typeof address === 'object' ? (address?.port ?? 0) : 0;
    const connection = connect(standalone({ host: '127.0.0.1', port }, { connectTimeout: '300ms' }));
    const begun = performance.now();
    expect(isParleyError(await failure(connection.ready()), 'STORE_UNAVAILABLE')).toBe(true);
    expect(performance.now() - begun).toBeLessThan(8_000);
    await connection.close(100);
    hole.close();
  });

  test('a wrong config is refused before anything is opened', () => {
    expect(() => connectRedis({ mode: 'standalone', host: '' })).toThrow(/^host must be/);
  });
});

describe('who may', () => {
  const as = (username: string, password: string) => patient(server, { username, password });

  test('an ACL user with the documented permissions is enough', async () => {
    const connection = connect(as('least', 'let-me-in'));
    await connection.ready();
    await useEverything(connection);
    expect((await connection.health()).status).toBe('up');
  });

  test('a wrong password is a fault that names the user, and keeps the secret', async () => {
    const connection = connect(as('least', 'hunter2'));
    const error = await failure(connection.ready());
    expect(isParleyError(error, 'STORE_FAULT')).toBe(true);
    expect(String(error)).toMatch(/user "least": not admitted.*WRONGPASS/);
    expect(inspect(error, { depth: 10, showHidden: true })).not.toContain('hunter2');
    const call = await failure(redisCacheStore(connection).read(['k']));
    expect(isParleyError(call, 'STORE_FAULT')).toBe(true);
    expect(inspect(call, { depth: 10, showHidden: true })).not.toContain('hunter2');
    expect(inspect(connection, { depth: 10, showHidden: true })).not.toContain('hunter2');
    expect(JSON.stringify([connection, error, call])).not.toContain('hunter2');
  });

  test('a command that the user may not run is named', async () => {
    const store = redisCacheStore(connect(as('reader', 'let-me-in')));
    expect(await store.read(['k'])).toEqual([undefined]);
    const error = await failure(store.write([record('k', 'confidential')]));
    expect(isParleyError(error, 'STORE_FAULT')).toBe(true);
    expect(String(error)).toMatch(/user "reader": may not write, the command "set" is not allowed/);
    expect(inspect(error, { depth: 10, showHidden: true })).not.toContain('confidential');
    expect(String(await failure(store.remove(['k'])))).toMatch(/the command "evalsha" is not allowed/);
  });

  test('keys that the user may not touch are told as such', async () => {
    const store = redisCacheStore(connect(as('elsewhere', 'let-me-in')));
    expect(String(await failure(store.read(['k'])))).toMatch(
      /user "elsewhere": may not read, the keys of "mget"/,
    );
  });

  test('TLS with an authority of one’s own', async () => {
    const { ca = '' } = secured;
    const store = redisCacheStore(connect(patient(secured, { tls: { ca } })));
    await store.write([record('tls')]);
    expect(await texts(store, ['tls'])).toEqual(['tls']);
  });

  test('a certificate that nobody vouches for is a fault', async () => {
    const error = await failure(connect(patient(secured, { tls: true })).ready());
    expect(isParleyError(error, 'STORE_FAULT')).toBe(true);
    expect(String(error)).toMatch(/No secure connection .*certificate/);
  });
});

describe('losing and closing', () => {
  test('a lost connection is told, comes back, and calls fail at once meanwhile', async () => {
    const proxy = await startProxy({ target: server });
    const changes: RedisConnectionChange[] = [];
    const address = `${proxy.host}:${proxy.port}`;
    const unsubscribe = redisConnectionChanges.subscribe((change) => {
      if (change.server === address) changes.push(change);
    });
    const connection = connect(patient(proxy));
    const store = redisCacheStore(connection);
    await connection.ready();
    proxy.refuse();
    proxy.cut();
    await until(() => changes.filter(({ state }) => state === 'down').length === 2, {
      what: 'both are down',
    });
    const begun = performance.now();
    for (const call of [
      () => store.read(['k']),
      () => store.write([record('k')]),
      () => store.remove(['k']),
    ]) {
      expect(isParleyError(await failure(call()), 'STORE_UNAVAILABLE')).toBe(true);
    }
    expect(performance.now() - begun).toBeLessThan(5_000);
    await proxy.heal();
    await until(() => changes.filter(({ state }) => state === 'up').length === 4, {
      what: 'both are up again',
    });
    await store.write([record('back')]);
    expect(await texts(store, ['back'])).toEqual(['back']);
    unsubscribe();
    await connection.close();
    await proxy.close();
  });

  test('closing waits for what is under way, and refuses what comes after', async () => {
    const connection = connect(patient(server));
    const store = redisCacheStore(connection);
    await connection.ready();
    const writes = Array.from({ length: 50 }, (_, i) => store.write([record(`closing:${i}`)]));
    await connection.close();
    await Promise.all(writes);
    const error = await failure(store.read(['k']));
    expect(isParleyError(error, 'CLOSED')).toBe(true);
    await connection.close();
  });

  test.each(['hung', 'refused', 'still connecting'])(
    'closing leaves nothing open: the server is %s',
    async (state) => {
      const own = await startRedis();
      const before = openSockets();
      if (state === 'refused') await own.kill();
      const connection = connectRedis(patient(own));
      if (state === 'hung') {
        await connection.ready();
        await own.pause();
      }
      if (state === 'refused') await failure(connection.ready());
      const begun = performance.now();
      await connection.close(300);
      expect(performance.now() - begun).toBeLessThan(8_000);
      await until(() => openSockets() <= before, { what: 'all sockets are closed', deadline: 5_000 });
      await own.stop();
    },
  );
});

function openSockets(): number {
  return process.getActiveResourcesInfo().filter((name) => name === 'TCPSocketWrap').length;
}
