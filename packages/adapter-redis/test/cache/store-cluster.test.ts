import { redisCacheStore } from '@parley/adapter-redis/cache';
import type { RedisConfig } from '@parley/adapter-redis';
import { isParleyError } from '@parley/cache-core/kernel';
import { startProxy, startRedisCluster, until, type RedisCluster } from '@parley/services';
import { afterAll, beforeAll, beforeEach, expect, test, vi } from 'vitest';
import { connect, failure } from '../support/connections.ts';
import { clusterPermissions, permissions, useEverything } from '../support/permissions.ts';
import { fill, lease, longMs, record, texts } from '../support/records.ts';
import { slotOf } from '../../src/slot.ts';

vi.setConfig({ testTimeout: 60_000, hookTimeout: 120_000 });

let cluster: RedisCluster;
let config: RedisConfig;

beforeAll(async () => {
  cluster = await startRedisCluster({ nodeTimeout: 1_000 });
  const nodes = cluster.nodes.map(({ server: { host, port } }) => ({ host, port }));
  config = { mode: 'cluster', nodes, responseTimeout: '10s' };
});

afterAll(() => cluster.stop());

beforeEach(() => cluster.settled());

/** Many enough to be on every master. */
const keys = Array.from({ length: 200 }, (_, i) => `k${i}`);

/** Reads and writes without a pause until it is stopped; tells what went wrong. */
function busy(store: ReturnType<typeof redisCacheStore>): {
  stop(): Promise<{ rounds: number; errors: unknown[]; wrong: string[] }>;
} {
  const outcome = { rounds: 0, errors: [] as unknown[], wrong: [] as string[] };
  const written = new Map<string, string>();
  const stop = new AbortController();
  const run = async (): Promise<void> => {
    for (let round = 0; !stop.signal.aborted; round++) {
      const some = keys.slice((round * 17) % 150, ((round * 17) % 150) + 50);
      try {
        await store.write(some.map((key) => record(key, `${key}:${round}`)));
        for (const key of some) written.set(key, `${key}:${round}`);
        await store.bump([`t:${round % 20}`], { keepMs: longMs });
        const found = await texts(store, keys);
        keys.forEach((key, i) => {
          if (written.has(key) && found[i] !== written.get(key)) outcome.wrong.push(`${key}: ${found[i]}`);
        });
        outcome.rounds += 1;
      } catch (error) {
        outcome.errors.push(error);
        await new Promise((resolve) => {
          setTimeout(resolve, 20);
        });
      }
    }
  };
  const done = run();
  return {
    async stop() {
      stop.abort();
      await done;
      return outcome;
    },
  };
}

test('batches cross all masters, whatever the keys', async () => {
  const store = redisCacheStore(connect(config));
  await store.write(keys.map((key) => record(key)));
  expect(await texts(store, keys)).toEqual(keys);
  expect(await store.touch(keys.map((key) => ({ key, freshMs: longMs, keepMs: longMs })))).not.toContain(
    false,
  );
  const leases = await store.lease(keys.map((key) => ({ key: `new:${key}`, token: 't', ttlMs: longMs })));
  expect(new Set(leases.map(({ state }) => state))).toEqual(new Set(['granted']));
  expect(await store.fill(keys.map((key) => ({ ...record(`new:${key}`), token: 't' })))).not.toContain(false);
  expect(new Set(await store.epochs(keys, { keepMs: longMs })).size).toBeGreaterThan(1);
  expect(await store.epochs(keys)).not.toContain(undefined);
  expect(await store.remove(keys)).not.toContain(false);
  for (const master of await cluster.masters()) {
    expect(Number(await master.server.command('DBSIZE'))).toBeGreaterThan(20);
  }
});

test('an ACL user with the documented permissions is enough', async () => {
  const rules = [
    'on',
    '>let-me-in',
    '~parley:*',
    '&parley:*',
    '-@all',
    ...permissions,
    ...clusterPermissions,
  ];
  await Promise.all(cluster.nodes.map(({ server }) => server.command('ACL', 'SETUSER', 'least', ...rules)));
  const connection = connect({ ...config, username: 'least', password: 'let-me-in' });
  await connection.ready();
  await useEverything(connection);
  expect((await connection.health()).status).toBe('up');
});

test('other types under our keys are misses in Cluster too', async () => {
  const store = redisCacheStore(connect(config));
  const { server } = await cluster.ownerOf('parley:cache:{odd}');
  await server.command('HSET', 'parley:cache:{odd}', 'f', 'v');
  expect(await store.read(['odd', 'even'])).toEqual([undefined, undefined]);
  expect((await lease(store, 'odd', 'mine')).state).toBe('granted');
});

test('health tells of every master', async () => {
  const health = await connect(config).health();
  expect(health.status).toBe('up');
  expect(Object.keys(health.checks ?? {})).toHaveLength(3);
});

test('a write whose reply is lost is reported and not sent again, also behind other addresses', async () => {
  const proxies = await Promise.all(cluster.nodes.map(({ server }) => startProxy({ target: server })));
  const natMap = Object.fromEntries(
    cluster.nodes.map(({ server }, i) => [
      `${server.host}:${server.port}`,
      { host: '127.0.0.1', port: proxies[i]?.port ?? 0 },
    ]),
  );
  const nodes = proxies.map(({ host, port }) => ({ host, port }));
  const connection = connect({ mode: 'cluster', nodes, natMap, responseTimeout: '1s' });
  const store = redisCacheStore(connection);
  await store.write([record('a', 'before')]);
  const { server } = await cluster.ownerOf('parley:cache:{a}');
  // Only there: while a connection to the owner is being made, the driver asks anybody, and is told where to go.
  const owner = proxies[cluster.nodes.findIndex((node) => node.server.port === server.port)];
  if (owner === undefined) throw new Error('the owner is no node');
  for (const afterwards of ['cut', 'silence'] as const) {
    await until(() => store.remove(['warm:a']).then(() => true), { what: 'connected' });
    await until(() => store.write([record('a', 'warm')]).then(() => true), {
      what: 'connected to the owner',
    });
    await server.command('CONFIG', 'RESETSTAT');
    const { lostReplies } = owner.counters;
    owner.dropNextReply((request) => request.includes(afterwards), afterwards);
    let error: unknown;
    // While connections are being made anew, one may fail before anything of it is sent: that is not the one meant here.
    do error = await failure(store.write([record('a', afterwards)]));
    while (owner.counters.lostReplies === lostReplies);
    expect(isParleyError(error, 'STORE_UNAVAILABLE')).toBe(true);
    await until(async () => (await texts(store, ['a']))[0] === afterwards, { what: 'it is back' });
    expect(String(await server.command('INFO', 'commandstats'))).toMatch(/cmdstat_set:calls=1,/);
    await owner.heal();
  }
  await connection.close();
  await Promise.all(proxies.map((proxy) => proxy.close()));
});

test('while slots move between masters, nothing fails and nothing is wrong', async () => {
  const store = redisCacheStore(connect(config));
  const worker = busy(store);
  const [from, to] = await cluster.masters();
  if (from === undefined || to === undefined) throw new Error('masters are missing');
  const moved = keys.map((key) => slotOf(`parley:cache:{${key}}`));
  const owned = new Set<number>();
  for (const [i, key] of keys.entries()) {
    if ((await cluster.ownerOf(`parley:cache:{${key}}`)).id === from.id && owned.size < 25)
      owned.add(moved[i] ?? 0);
  }
  await cluster.reshard({ from, to, slots: [...owned] });
  await cluster.reshard({ from: to, to: from, slots: [...owned] });
  const { rounds, errors, wrong } = await worker.stop();
  expect(errors).toEqual([]);
  expect(wrong).toEqual([]);
  expect(rounds).toBeGreaterThan(5);
});

test('a planned failover is over in a moment', async () => {
  const store = redisCacheStore(connect(config));
  await store.write(keys.map((key) => record(key)));
  const worker = busy(store);
  const [master] = await cluster.masters();
  const [replica] = await cluster.replicas(master);
  if (replica === undefined) throw new Error('a replica is missing');
  await cluster.failover(replica);
  await until(async () => (await texts(store, keys)).every((text) => text !== undefined), {
    what: 'all is readable',
  });
  await until(() => store.write(keys.map((key) => record(key))).then(() => true), {
    what: 'all is writable',
  });
  const { errors } = await worker.stop();
  expect(errors.filter((error) => !isParleyError(error, 'STORE_UNAVAILABLE'))).toEqual([]);
});

test.each(['killed', 'hung'])(
  'a master that is %s is replaced, and the others serve meanwhile',
  async (state) => {
    const store = redisCacheStore(connect({ ...config, responseTimeout: '1s' }));
    await store.write(keys.map((key) => record(key)));
    const [master, other] = await cluster.masters();
    if (master === undefined || other === undefined) throw new Error('masters are missing');
    const held = await Promise.all(keys.map((key) => cluster.ownerOf(`parley:cache:{${key}}`)));
    const lost = keys.filter((_, i) => held[i]?.id === master.id);
    const served = keys.filter((_, i) => held[i]?.id === other.id);
    if (state === 'killed') await master.server.kill();
    else await master.server.pause();
    const begun = performance.now();
    const failures = await Promise.allSettled(lost.slice(0, 5).map((key) => store.read([key])));
    expect(performance.now() - begun).toBeLessThan(20_000);
    const reasons = failures.flatMap((one) => (one.status === 'rejected' ? [one.reason as unknown] : []));
    expect(reasons.filter((reason) => !isParleyError(reason, 'STORE_UNAVAILABLE'))).toEqual([]);
    await until(async () => (await texts(store, served)).every((text) => text !== undefined), {
      what: 'the others serve',
    });
    const health = await store.health();
    expect(Object.keys(health.checks ?? {})).toHaveLength(3);
    const [token] = lost;
    if (token === undefined) throw new Error('the lost master held nothing');
    await until(
      async () => {
        await store.write(lost.map((key) => record(key, 'after')));
        await store.bump(lost, { keepMs: longMs });
        return (await texts(store, lost)).every((text) => text === 'after');
      },
      { what: 'the successor serves', every: 100 },
    );
    expect(await store.remove([token])).toEqual([true]);
    expect((await lease(store, token, 'mine')).state).toBe('granted');
    expect(await fill(store, token, 'mine', 'new')).toBe(true);
    if (state === 'killed') await master.server.restart({ data: 'wipe' });
    else await master.server.resume();
    await cluster.settled();
  },
);

test('when all nodes are gone, calls end; when they are back, it heals', async () => {
  const own = await startRedisCluster({ masters: 3, replicasPerMaster: 0 });
  const nodes = own.nodes.map(({ server: { host, port } }) => ({ host, port }));
  const connection = connect({ mode: 'cluster', nodes, responseTimeout: '1s' });
  const store = redisCacheStore(connection);
  await store.write(keys.map((key) => record(key)));
  await Promise.all(own.nodes.map(({ server }) => server.kill()));
  await until(
    () =>
      store.read(keys).then(
        () => false,
        (error) => isParleyError(error, 'STORE_UNAVAILABLE'),
      ),
    { what: 'the loss is noticed' },
  );
  const begun = performance.now();
  expect((await connection.health()).status).toBe('down');
  expect(performance.now() - begun).toBeLessThan(10_000);
  await Promise.all(own.nodes.map(({ server }) => server.restart({ data: 'wipe' })));
  await own.settled();
  await until(
    async () => {
      await store.write(keys.map((key) => record(key)));
      return (await texts(store, keys)).every((text) => text !== undefined);
    },
    { what: 'it heals', every: 100 },
  );
  await connection.close();
  await own.stop();
});
