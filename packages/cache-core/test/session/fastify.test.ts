import { promisify } from 'node:util';
import fastifyCookie from '@fastify/cookie';
import fastifySession from '@fastify/session';
import { virtualClock, type Duration } from '@parley/cache-core/kernel';
import { createSessions, fastifySessionStore, memorySessionStore } from '@parley/cache-core/session';
import type { FastifyStore, SessionData, Sessions } from '@parley/cache-core/session';
import fastify, { type FastifyInstance } from 'fastify';
import { afterEach, describe, expect, it } from 'vitest';
import { Browser, Gate } from './browser.ts';
import { countingStore, times } from './support.ts';
import type { CountingStore } from './support.ts';

declare module 'fastify' {
  interface Session {
    user?: string;
    views?: number;
    note?: string;
  }
}

interface Site {
  readonly browser: Browser;
  readonly store: CountingStore;
  readonly sessions: Sessions<Readonly<Record<string, unknown>>>;
  readonly gate: Gate;
}

const open: FastifyInstance[] = [];
afterEach(async () => {
  await Promise.all(open.splice(0).map((app) => app.close()));
});

async function site(
  options: Partial<Parameters<typeof fastifySession>[1]> = {},
  { processes = 1, deadline = '30s' }: { processes?: number; deadline?: Duration } = {},
): Promise<Site & { readonly others: Browser[] }> {
  const store = countingStore(memorySessionStore());
  const sessions = createSessions({ store, deadline });
  const gate = new Gate();
  const origins: string[] = [];
  for (let i = 0; i < processes; i++) {
    const app = fastify({ forceCloseConnections: true });
    await app.register(fastifyCookie);
    await app.register(fastifySession, {
      secret: 'x'.repeat(32),
      cookie: { secure: false },
      store: fastifySessionStore(sessions, {
        userOf: ({ user }) => (typeof user === 'string' ? user : undefined),
      }),
      ...options,
    });
    app.get('/look', async ({ session: { user = 'nobody', views = 0, note = '' } }) =>
      `${user} ${views} ${note}`.trim(),
    );
    app.get('/id', async ({ session }) => session.sessionId);
    app.get<{ Querystring: { text: string } }>('/note', async ({ session, query }) => {
      session.note = query.text;
      return 'done';
    });
    app.get('/view', async ({ session }) => {
      session.views = (session.views ?? 0) + 1;
      return `${session.views}`;
    });
    app.get('/login', (request) =>
      request.session.regenerate().then(() => {
        request.session.user = 'ann';
        return request.session.sessionId;
      }),
    );
    app.get('/logout', async ({ session }) => {
      await session.destroy();
      return 'bye';
    });
    app.get('/slow', async ({ session }) => {
      await gate.pass();
      session.note = 'late';
      return 'done';
    });
    app.get('/slow-look', async () => {
      await gate.pass();
      return 'done';
    });
    origins.push(await app.listen({ port: 0, host: '127.0.0.1' }));
    open.push(app);
  }
  const [browser = new Browser(''), ...others] = origins.map((origin) => new Browser(origin));
  return { browser, others, store, sessions, gate };
}

describe('@fastify/session', () => {
  it('keeps what the application puts into a session, and signs in under another id', async () => {
    const { browser, sessions, store } = await site();
    await browser.get('/view');
    const before = browser.another();
    expect((await browser.get('/view')).text).toBe('2');
    const { text: id } = await browser.get('/login');
    expect((await browser.get('/look')).text).toBe('ann 0');
    expect((await before.get('/look')).text).toBe('nobody 0');
    expect(await sessions.get(id)).toMatchObject({ user: 'ann', data: { user: 'ann' } });
    expect(store.given.join(' ')).not.toContain(id);
  });

  it('which saves with each request, writes what has changed, and tells what is seen once in a while', async () => {
    const { browser, store } = await site();
    await browser.get('/view');
    for (let i = 0; i < 20; i++) await browser.get('/look');
    expect(store.asked).toEqual(['create', ...Array.from({ length: 20 }, () => 'read')]);
    await browser.get('/view');
    expect(times(store.asked, 'write')).toBe(1);
    expect((await browser.get('/look')).text).toBe('nobody 2');
  });

  it('goes on with a cookie that ends, as long as it is used', async () => {
    const { browser, store } = await site({ cookie: { secure: false, maxAge: 3_600_000 } });
    await browser.get('/view');
    for (let i = 0; i < 5; i++) expect((await browser.get('/look')).text).toBe('nobody 1');
    expect(times(store.asked, 'write')).toBe(0);
    expect(times(store.asked, 'destroy')).toBe(0);
  });

  it('saves no session that nobody put something into, if that is wished', async () => {
    const { browser, store } = await site({ saveUninitialized: false });
    await browser.get('/look');
    expect([store.asked, browser.cookie]).toEqual([[], '']);
  });

  it.each([
    ['/slow', 1],
    ['/slow-look', 1],
    ['/slow', 2],
    ['/slow-look', 2],
  ])('a session that logged out is not brought back by %s (over %i processes)', async (path, processes) => {
    const { browser, others, gate, sessions } = await site({}, { processes });
    await browser.get('/login');
    const window = browser.another();
    const late = window.get(path);
    await gate.reached;
    const [elsewhere] = others;
    if (elsewhere === undefined) await browser.get('/logout');
    else await sessions.revokeAll('ann');
    gate.open();
    expect((await late).text).toBe('done');
    expect((await window.get('/look')).text).toBe('nobody 0');
    expect(await sessions.list('ann')).toEqual([]);
  });

  it('a request that changed nothing undoes nothing', async () => {
    const { browser, gate, store } = await site();
    await browser.get('/view');
    const late = browser.another().get('/slow-look');
    await gate.reached;
    expect((await browser.get('/view')).text).toBe('2');
    gate.open();
    expect((await late).text).toBe('done');
    expect((await browser.get('/look')).text).toBe('nobody 2');
    expect(times(store.asked, 'write')).toBe(1);
  });

  it('a change that brings back what was there before is a change', async () => {
    const { browser } = await site();
    await browser.get('/note?text=dark');
    await browser.get('/note?text=light');
    await browser.get('/note?text=dark');
    expect((await browser.get('/look')).text).toBe('nobody 0 dark');
  });

  it('shows nothing of its own to whoever reads the data', async () => {
    const { browser, sessions } = await site();
    await browser.get('/view');
    await browser.get('/view');
    const { text: id } = await browser.get('/id');
    expect(Object.keys((await sessions.get(id))?.data ?? {}).toSorted()).toEqual(['cookie', 'views']);
  });

  it('a session that has ended by its time is not begun anew, however many were read since', async () => {
    const clock = virtualClock();
    const store = countingStore(memorySessionStore({ clock }));
    const sessions = createSessions({ store, clock, ttl: '1h' });
    const kept: FastifyStore<object> = fastifySessionStore<SessionData>(sessions);
    const get = (id: string): Promise<object> =>
      new Promise((resolve) => kept.get(id, (_, found) => resolve(found ?? {})));
    const { id } = await sessions.create({ data: { cookie: { originalMaxAge: null }, views: 1 } });
    const read = await get(id);
    await Promise.all(Array.from({ length: 10_050 }, (_, i) => get(`another ${i}`)));
    await clock.advance(2 * 3_600_000);
    await promisify<void>((done) => kept.set(id, { ...read, views: 2 }, done))();
    expect(await sessions.get(id)).toBeUndefined();
    expect(times(store.asked, 'create')).toBe(1);
  });

  it('trouble with the store is an error, and nobody is logged out by it', async () => {
    const { browser, store } = await site();
    await browser.get('/login');
    store.faults.push('broken');
    expect(JSON.parse((await browser.get('/look')).text)).toMatchObject({ code: 'STORE_FAULT' });
    store.faults.push('ok', 'broken');
    expect((await browser.get('/logout')).status).toBe(500);
    expect((await browser.get('/look')).text).toBe('ann 0');
  });

  it('a store that hangs keeps a request no longer than the deadline', async () => {
    const { browser, store } = await site({}, { deadline: '100ms' });
    await browser.get('/login');
    store.faults.push('hung');
    expect(JSON.parse((await browser.get('/look')).text)).toMatchObject({ code: 'DEADLINE_EXCEEDED' });
  });
});
