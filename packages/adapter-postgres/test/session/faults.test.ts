import { connectPostgres } from '@parley/adapter-postgres';
import type { Database, PostgresConfig } from '@parley/adapter-postgres';
import { postgresSessionStore } from '@parley/adapter-postgres/session';
import { isParleyError } from '@parley/cache-core/kernel';
import { createSessions, type SessionData, type Sessions } from '@parley/cache-core/session';
import { startPostgres, startProxy, until } from '@parley/services';
import type { FaultProxy, PostgresServer } from '@parley/services';
import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, test, vi } from 'vitest';
import { failure, timed } from '../support/failure.ts';

// Servers take their time on a machine that is busy.
vi.setConfig({ testTimeout: 120_000, hookTimeout: 120_000 });

/** Time limits are kept to within this, on a machine that does other things as well. */
const slackMs = 10_000;
const data = { items: [] };

let server: PostgresServer;
let proxy: FaultProxy;
const open: Database[] = [];
const sessionsOpen: Sessions<SessionData>[] = [];

beforeAll(async () => {
  server = await startPostgres();
});
beforeEach(async () => {
  proxy = await startProxy({ target: server });
});
afterEach(async () => {
  await Promise.all(sessionsOpen.splice(0).map((sessions) => sessions.close()));
  await Promise.all(open.splice(0).map((db) => db.close()));
  await proxy.close();
});
afterAll(() => server.stop());

function connect(more: PostgresConfig = {}): Database {
  const db = connectPostgres({
    url: proxy.url,
    maxConnections: 10,
    connectTimeout: '10s',
    queryTimeout: '10s',
    ...more,
  });
  open.push(db);
  return db;
}

function sessionsAt(more: PostgresConfig = {}, deadline: '2s' | '30s' = '30s'): Sessions<SessionData> {
  const sessions = createSessions({ store: postgresSessionStore(connect(more)), deadline });
  sessionsOpen.push(sessions);
  return sessions;
}

const beginning = (sessions: Sessions<SessionData>, user: string): Promise<string> =>
  until(() => sessions.create({ user, data }).catch(() => undefined), {
    what: 'it has begun',
    deadline: 60_000,
  }).then(({ id }) => id);

/** One call of each kind. */
const calls: Readonly<Record<string, (sessions: Sessions<SessionData>, id: string) => Promise<unknown>>> = {
  create: (sessions) => sessions.create({ data }),
  get: (sessions, id) => sessions.get(id),
  touch: (sessions, id) => sessions.touch(id),
  write: (sessions, id) => sessions.write(id, data, { version: 'none' }),
  update: (sessions, id) => sessions.update(id, (old) => old),
  signIn: (sessions) => sessions.signIn('another', { user: 'eve' }),
  destroy: (sessions) => sessions.destroy('another'),
  list: (sessions) => sessions.list('ann'),
  revokeAll: (sessions) => sessions.revokeAll('eve'),
};

/** The error, where it is not the one that is told of a store that is away. */
const surprise = (error: unknown): unknown =>
  isParleyError(error, 'STORE_UNAVAILABLE') || isParleyError(error, 'DEADLINE_EXCEEDED') ? 'trouble' : error;

const isBack = (sessions: Sessions<SessionData>, id: string): Promise<unknown> =>
  until(async () => (await sessions.get(id).catch(() => undefined)) !== undefined, {
    what: 'the session is there again',
    deadline: 60_000,
  });

describe('a server that is away', () => {
  const faults: Readonly<Record<string, readonly [() => unknown, () => unknown]>> = {
    refused: [() => (proxy.refuse(), proxy.cut()), () => proxy.heal()],
    'a black hole': [() => proxy.blackHole(), () => proxy.heal()],
    hung: [() => server.pause(), () => server.resume()],
    crashed: [() => server.kill(), () => server.restart({ data: 'keep' })],
  };

  test.each(Object.entries(faults))(
    '%s: every call settles by its deadline with an error, and nobody is logged out or in',
    async (name, [begin, end]) => {
      const user = `ann ${name}`;
      const sessions = sessionsAt({}, '2s');
      const [id, loggedOut] = [await beginning(sessions, user), await beginning(sessions, user)];
      await until(() => sessions.destroy(loggedOut).catch(() => false), { what: 'it has ended' });
      await begin();
      try {
        const { outcome, ms } = await timed(() =>
          Promise.all(Object.values(calls).map((call) => failure(call(sessions, id)))),
        );
        expect(outcome.map(surprise)).toEqual(outcome.map(() => 'trouble'));
        expect(ms).toBeLessThan(2_000 + slackMs);
      } finally {
        await end();
      }
      await isBack(sessions, id);
      const calm = sessionsAt();
      expect(await calm.get(loggedOut)).toBeUndefined();
      expect(await calm.list(user)).toHaveLength(1);
    },
  );
});

describe('a lost reply', () => {
  const lose = (statement: string): { readonly lost: Promise<boolean> } =>
    proxy.dropNextReply((request) => request.includes(statement), 'cut');

  test('is asked for again, and what was done is not done twice', async () => {
    const sessions = sessionsAt();
    await beginning(sessions, 'warm');
    let loss = lose('session_create');
    const { id } = await sessions.create({ user: 'bob', data });
    expect(await loss.lost).toBe(true);
    expect(await sessions.list('bob')).toHaveLength(1);

    const { version = '' } = (await sessions.get(id)) ?? {};
    loss = lose('session_write');
    expect(await sessions.write(id, { items: [1] }, { version })).toBe(true);
    expect(await loss.lost).toBe(true);

    loss = lose('session_rotate');
    const signedIn = await sessions.signIn(id, { user: 'bob' });
    expect(await loss.lost).toBe(true);
    expect(await sessions.get(signedIn?.id ?? '')).toMatchObject({ data: { items: [1] } });
    expect(await sessions.get(id)).toBeUndefined();

    loss = lose('session_destroy_of');
    expect(await sessions.revoke('bob', signedIn?.handle ?? '')).toBe(true);
    expect(await loss.lost).toBe(true);
    expect(await sessions.list('bob')).toEqual([]);
  });

  test('of a change does not bring back who logged out before it was asked for again', async () => {
    const [mine, others] = [sessionsAt(), sessionsAt({ url: server.url })];
    const id = await beginning(mine, 'cy');
    const { version = '' } = (await mine.get(id)) ?? {};
    const loss = proxy.dropNextReply((request) => request.includes('session_write'), 'silence');
    const late = mine.write(id, { items: [1] }, { version });
    expect(await loss.lost).toBe(true);
    expect(await others.destroy(id)).toBe(true);
    proxy.cut();
    expect(await late).toBe(false);
    expect(await others.get(id)).toBeUndefined();
    expect(await others.list('cy')).toEqual([]);
  });
});
