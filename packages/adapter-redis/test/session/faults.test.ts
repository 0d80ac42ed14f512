import type { RedisConfig } from '@parley/adapter-redis';
import { redisSessionStore } from '@parley/adapter-redis/session';
import { isParleyError } from '@parley/cache-core/kernel';
import { createSessions, type SessionData, type Sessions } from '@parley/cache-core/session';
import {
  startProxy,
  startRedis,
  startRedisCluster,
  until,
  type FaultProxy,
  type RedisServer,
} from '@parley/services';
import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, test, vi } from 'vitest';
import { sessionKeys } from '../../src/session/keys.ts';
import { connect, failure, patient, standalone } from '../support/connections.ts';

// Servers take their time on a machine that is busy.
vi.setConfig({ testTimeout: 120_000, hookTimeout: 120_000 });

/** Time limits are kept to within this, on a machine that does other things as well. */
const slackMs = 10_000;
const data = { items: [] };

let server: RedisServer;
let proxy: FaultProxy;

beforeAll(async () => {
  server = await startRedis();
});
afterAll(() => server.stop());
beforeEach(async () => {
  await server.command('FLUSHALL');
  proxy = await startProxy({ target: server });
});
afterEach(() => proxy.close());

const sessionsAt = (config: RedisConfig, deadline: '2s' | '30s' = '30s'): Sessions<SessionData> =>
  createSessions({ store: redisSessionStore(connect(config)), deadline });

test('a server that may evict sessions is told of when the store is made, with what to change', async () => {
  const warned: string[] = [];
  const logger = { warn: (_fields: unknown, message: string) => void warned.push(message) };
  await server.command('CONFIG', 'SET', 'maxmemory-policy', 'allkeys-lru');
  try {
    redisSessionStore(connect(patient(server)), { logger });
    await until(() => warned.length > 0, { what: 'the warning' });
    expect(warned[0]).toMatch(/may lose sessions.*maxmemory-policy allkeys-lru.*set noeviction/);
  } finally {
    await server.command('CONFIG', 'SET', 'maxmemory-policy', 'noeviction');
  }
});

/** One call of each kind. */
const calls: Readonly<Record<string, (sessions: Sessions<SessionData>, id: string) => Promise<unknown>>> = {
  create: (sessions) => sessions.create({ data }),
  get: (sessions, id) => sessions.get(id),
  touch: (sessions, id) => sessions.touch(id),
  write: (sessions, id) => sessions.write(id, data, { version: 'none' }),
  update: (sessions, id) => sessions.update(id, (old) => old),
  signIn: (sessions, id) => sessions.signIn(id, { user: 'eve' }),
  destroy: (sessions) => sessions.destroy('another'),
  list: (sessions) => sessions.list('ann'),
  revokeAll: (sessions) => sessions.revokeAll('eve'),
};

/** The error, where it is not the one that is told of a store that is away. */
const surprise = (error: unknown): unknown =>
  isParleyError(error, 'STORE_UNAVAILABLE') || isParleyError(error, 'DEADLINE_EXCEEDED') ? 'trouble' : error;

/** Whether every call has settled in time, and with an error that says why. */
async function allFail(sessions: Sessions<SessionData>, id: string): Promise<void> {
  const begun = performance.now();
  const errors = await Promise.all(Object.values(calls).map((call) => failure(call(sessions, id))));
  expect(errors.map(surprise)).toEqual(errors.map(() => 'trouble'));
  expect(performance.now() - begun).toBeLessThan(2_000 + slackMs);
}

const isBack = (sessions: Sessions<SessionData>, id: string): Promise<unknown> =>
  until(async () => (await sessions.get(id).catch(() => undefined)) !== undefined, {
    what: 'the session is there again',
    deadline: 60_000,
  });

test('a user of thousands of sessions is signed out of them in steps, and holds up nobody for long', async () => {
  const store = redisSessionStore(connect(standalone(server)));
  const ids = Array.from({ length: 2_500 }, (_, i) => `i${i}`);
  const life = { version: 'v', data: '{}', maxAgeMs: 600_000 };
  await Promise.all(ids.map((id, i) => store.create({ ...life, id, user: 'ann', idleMs: 300_000 + i })));
  expect((await store.list('ann', 2)).length).toBe(2);
  await server.command('CONFIG', 'RESETSTAT');
  expect(await store.destroyOf('ann', { token: 't', stoneMs: 60_000, except: 'i7' })).toBe(2_499);
  const scripts = /cmdstat_evalsha:calls=(\d+)/.exec(
    String(await server.command('INFO', 'commandstats')),
  )?.[1];
  expect(Number(scripts)).toBe(3);
  expect((await store.list('ann', 10)).map(({ id }) => id)).toEqual(['i7']);
});

describe('a server that is away', () => {
  const faults: Readonly<Record<string, readonly [() => unknown, () => unknown]>> = {
    refused: [() => (proxy.refuse(), proxy.cut()), () => proxy.heal()],
    'a black hole': [() => proxy.blackHole(), () => proxy.heal()],
    hung: [() => server.pause(), () => server.resume()],
    stopped: [() => server.kill(), () => server.restart({ data: 'keep' })],
  };

  test.each(Object.entries(faults))(
    '%s: every call settles by its deadline with an error, and nobody is logged out',
    async (_, [begin, end]) => {
      const sessions = sessionsAt(standalone(proxy, { responseTimeout: '1s' }), '2s');
      const { id } = await until(() => sessions.create({ user: 'ann', data }).catch(() => undefined), {
        what: 'it has begun',
      });
      await server.command('SAVE');
      await begin();
      try {
        await allFail(sessions, id);
      } finally {
        await end();
      }
      await isBack(sessions, id);
      expect(await sessions.list('ann')).toHaveLength(1);
    },
  );

  test('it forgot its scripts: nothing is noticed', async () => {
    const sessions = sessionsAt(patient(server));
    const { id } = await sessions.create({ user: 'ann', data });
    await server.command('SCRIPT', 'FLUSH');
    expect(await sessions.update(id, () => ({ items: [1] }))).toEqual({ items: [1] });
    await server.command('SCRIPT', 'FLUSH');
    expect(await sessions.revokeAll('ann')).toBe(1);
  });
});

describe('a lost reply', () => {
  test('is asked for again, and what was done is not done twice', async () => {
    const sessions = sessionsAt(patient(proxy, { responseTimeout: '5s' }));
    const lose = (): { readonly lost: Promise<boolean> } =>
      proxy.dropNextReply((request) => request.includes('session:'), 'cut');
    let loss = lose();
    const { id } = await sessions.create({ user: 'ann', data });
    expect(await loss.lost).toBe(true);
    expect(await sessions.list('ann')).toHaveLength(1);

    const { version = '' } = (await sessions.get(id)) ?? {};
    loss = lose();
    expect(await sessions.write(id, { items: [1] }, { version })).toBe(true);
    expect(await loss.lost).toBe(true);

    loss = lose();
    const signedIn = await sessions.signIn(id, { user: 'ann' });
    expect(await loss.lost).toBe(true);
    expect(await sessions.get(signedIn?.id ?? '')).toMatchObject({ data: { items: [1] } });
    expect(await sessions.get(id)).toBeUndefined();

    loss = lose();
    expect(await sessions.destroy(signedIn?.id ?? '')).toBe(true);
    expect(await loss.lost).toBe(true);
    expect(await sessions.list('ann')).toEqual([]);
  });

  test('of a change does not bring back who logged out before it was asked for again', async () => {
    const [mine, others] = [sessionsAt(patient(proxy)), sessionsAt(patient(server))];
    const { id } = await mine.create({ user: 'ann', data });
    const { version = '' } = (await mine.get(id)) ?? {};
    const loss = proxy.dropNextReply((request) => request.includes('session:'), 'silence');
    const late = mine.write(id, { items: [1] }, { version });
    expect(await loss.lost).toBe(true);
    expect(await others.destroy(id)).toBe(true);
    proxy.cut();
    expect(await late).toBe(false);
    expect(await others.get(id)).toBeUndefined();
    expect(await others.list('ann')).toEqual([]);
  });
});

/** How many scripts the server has run. */
async function scriptsRun(): Promise<number> {
  const stats = String(await server.command('INFO', 'commandstats'));
  return Number(/cmdstat_evalsha:calls=(\d+)/.exec(stats)?.[1] ?? 0);
}

test('a beginning that was held up on its way comes too late for who has logged out', async () => {
  const [mine, others] = [
    redisSessionStore(connect(patient(proxy))),
    redisSessionStore(connect(patient(server))),
  ];
  const session = { version: 'v', user: 'ann', data: '{}', idleMs: 600_000, maxAgeMs: 600_000 };
  const ending = { token: 't', stoneMs: 600_000 };
  // The server knows the scripts then, and both are connected.
  await mine.create({ ...session, id: 'warm' });
  await others.destroy(['warm'], ending);
  const before = await scriptsRun();
  proxy.delay(3_600_000, 'requests');
  const caller = new AbortController();
  const begun = failure(mine.create({ ...session, id: 'i' }, { signal: caller.signal }));
  await new Promise(setImmediate);
  caller.abort();
  expect(await begun).toMatchObject({ code: 'ABORTED' });
  expect(await others.destroy(['i'], ending)).toEqual([false]);
  expect(await scriptsRun()).toBe(before + 1);
  await proxy.heal();
  await until(async () => (await scriptsRun()) === before + 2, { what: 'it has come' });
  expect(await others.read('i')).toBeUndefined();
  expect(await others.list('ann', 10)).toEqual([]);
});

describe('what is left in Redis', () => {
  test('ends by itself: sessions, stones and lists', async () => {
    const store = redisSessionStore(connect(patient(server)));
    const life = { idleMs: 300, maxAgeMs: 600_000 };
    for (let i = 0; i < 20; i++)
      await store.create({ id: `i${i}`, version: 'v', user: `u${i % 3}`, data: '{}', ...life });
    await store.destroy(['i0', 'i1', 'never'], { token: 't', stoneMs: 300 });
    await store.destroyOf('u2', { token: 't', stoneMs: 300 });
    await store.rotate({ from: 'i3', to: 'new', version: 'w', idleMs: 300, stoneMs: 300 });
    await until(async () => Number(await server.command('DBSIZE')) === 0, {
      what: 'nothing is left',
      deadline: 30_000,
    });
  });

  test('a list has nothing of sessions that are over, however many there were', async () => {
    const store = redisSessionStore(connect(patient(server)));
    const life = { maxAgeMs: 600_000 };
    await store.create({ id: 'long', version: 'v', user: 'ann', data: '', idleMs: 600_000, ...life });
    for (let i = 0; i < 50; i++)
      await store.create({ id: `i${i}`, version: 'v', user: 'ann', data: '', idleMs: 1, ...life });
    await until(async () => (await store.list('ann', 100)).length === 1, { what: 'they are over' });
    await store.touch('long', 600_000);
    const rotation = { version: 'w', idleMs: 600_000, stoneMs: 600_000 };
    await store.rotate({ ...rotation, from: 'long', to: 'longer' });
    const key = `parley:session:{session}:u:ann`;
    expect(await server.command('ZRANGE', key, '0', '-1')).toEqual(['longer']);
    expect(Number(await server.command('PTTL', key))).toBeGreaterThan(500_000);
  });
});

async function isReplicated(master: RedisServer): Promise<boolean> {
  const told = String(await master.command('INFO', 'replication'));
  const [, own] = /^master_repl_offset:(\d+)/m.exec(told) ?? [];
  const replicas = Array.from(told.matchAll(/^slave\d+:.*offset=(\d+)/gm), ([, offset]) => offset);
  return replicas.length > 0 && replicas.every((offset) => offset === own);
}

describe('on a cluster', () => {
  test('a master that is killed takes its sessions away for a moment, and the others not at all', async () => {
    const cluster = await startRedisCluster({ nodeTimeout: 1_000 });
    try {
      const nodes = cluster.nodes.map(({ server: { host, port } }) => ({ host, port }));
      const store = redisSessionStore(connect({ mode: 'cluster', nodes, responseTimeout: '1s' }));
      const { bases } = sessionKeys('parley:', true);
      const life = { version: 'v', data: '{}', idleMs: 600_000, maxAgeMs: 600_000 };
      const ids = Array.from({ length: 60 }, (_, i) => `i${i}`);
      await until(() => store.create({ ...life, id: 'first' }).catch(() => undefined), { what: 'it is up' });
      for (const id of ids) await store.create({ ...life, id, user: 'ann' });
      expect((await store.list('ann', 100)).length).toBe(60);
      const lost = await cluster.ownerOf(bases[0] ?? '');
      const owners = await Promise.all(bases.map((base) => cluster.ownerOf(base)));
      // What its replica has not heard of would be lost with the master.
      await until(() => isReplicated(lost.server), { what: 'its replica has everything' });
      await lost.server.kill();
      const elsewhere = ids.filter((id) => owners[store.placeOf(id)] !== lost);
      const answered = await Promise.all(elsewhere.map((id) => store.read(id).catch(() => 'trouble')));
      expect(answered).not.toContain(undefined);
      const all = async (): Promise<boolean> => {
        const found = await Promise.all(ids.map((id) => store.read(id).catch(() => 'trouble' as const)));
        // Trouble is told as such: nobody is without a session for a moment.
        expect(found).not.toContain(undefined);
        return !found.includes('trouble');
      };
      await until(all, { what: 'a replica has taken over', deadline: 60_000 });
      expect(await store.destroyOf('ann', { token: 't', stoneMs: 1_000 })).toBe(60);
    } finally {
      await cluster.stop();
    }
  });
});
