import type { Server } from 'node:http';
import { promisify } from 'node:util';
import type { Duration } from '@parley/cache-core/kernel';
import { createSessions, expressSessionStore, memorySessionStore } from '@parley/cache-core/session';
import type { ExpressStoreOptions, Sessions } from '@parley/cache-core/session';
import express from 'express';
import session from 'express-session';
import { afterEach, describe, expect, it, vi } from 'vitest';
import { Browser, Gate, originOf } from './browser.ts';
import { countingStore, times } from './support.ts';
import type { CountingStore } from './support.ts';

declare module 'express-session' {
  interface SessionData {
    user: string;
    views: number;
    note: string;
  }
}

interface Site {
  readonly browser: Browser;
  readonly store: CountingStore;
  readonly sessions: Sessions<Readonly<Record<string, unknown>>>;
  readonly gate: Gate;
  readonly errors: unknown[];
}

const open: Server[] = [];
afterEach(async () => {
  for (const server of open.splice(0)) {
    server.closeAllConnections();
    await promisify(server.close.bind(server))();
  }
});

async function site(
  options: Partial<session.SessionOptions> = {},
  storeOptions: ExpressStoreOptions = { userOf: ({ user }) => (typeof user === 'string' ? user : undefined) },
  deadline: Duration = '30s',
): Promise<Site> {
  const store = countingStore(memorySessionStore());
  const sessions = createSessions({ store, deadline });
  const [gate, errors]: [Gate, unknown[]] = [new Gate(), []];
  const app = express();
  const kept = expressSessionStore(session, sessions, storeOptions);
  app.use(session({ store: kept, secret: 'x', resave: false, saveUninitialized: false, ...options }));
  app.get('/look', ({ session: { user = 'nobody', views = 0, note = '' } }, response) => {
    response.send(`${user} ${views} ${note}`.trim());
  });
  app.get('/view', (request, response) => {
    request.session.views = (request.session.views ?? 0) + 1;
    response.send(`${request.session.views}`);
  });
  app.get('/login', (request, response, next) => {
    request.session.regenerate((error: unknown) => {
      if (error !== undefined && error !== null) return next(error);
      request.session.user = 'ann';
      response.send(request.sessionID);
    });
  });
  app.get('/logout', (request, response, next) => {
    request.session.destroy((error: unknown) => (error ? next(error) : response.send('bye')));
  });
  app.get('/slow', (request, response) => {
    void gate.pass().then(() => {
      request.session.note = 'late';
      response.send('done');
    });
  });
  app.get('/slow-look', (_request, response) => {
    void gate.pass().then(() => response.send('done'));
  });
  app.get('/short', (request, response) => {
    request.session.cookie.maxAge = 30_000;
    request.session.note = 'short';
    response.send(`${request.session.cookie.maxAge}`);
  });
  app.get('/over', (request, response) => {
    request.session.cookie.maxAge = 0;
    request.session.note = 'over';
    response.send('over');
  });
  app.get('/reload', (request, response, next) => {
    request.session.note = 'unsaved';
    request.session.reload((error: unknown) =>
      error ? next(error) : response.send(request.session.note ?? ''),
    );
  });
  app.use(((error, _request, response, _next) => {
    errors.push(error);
    if (response.headersSent) response.end();
    else response.status(500).send('trouble');
  }) satisfies express.ErrorRequestHandler);
  const server = app.listen(0, '127.0.0.1');
  open.push(server);
  return { browser: new Browser(await originOf(server)), store, sessions, gate, errors };
}

describe('express-session', () => {
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

  it('a session that nobody changed is read, and told to be seen once in a while', async () => {
    const { browser, store } = await site();
    await browser.get('/view');
    for (let i = 0; i < 20; i++) await browser.get('/look');
    expect(store.asked).toEqual(['create', ...Array.from({ length: 20 }, () => 'read')]);
  });

  it('with resave and rolling, too, what has not changed is not written', async () => {
    const { browser, store } = await site({ resave: true, rolling: true, cookie: { maxAge: 3_600_000 } });
    await browser.get('/view');
    for (let i = 0; i < 20; i++) expect((await browser.get('/look')).set).toHaveLength(1);
    expect(times(store.asked, 'write') + times(store.asked, 'touch')).toBe(0);
    await browser.get('/view');
    expect(times(store.asked, 'write')).toBe(1);
    expect((await browser.get('/look')).text).toBe('nobody 2');
  });

  it('a lifetime that has lost a millisecond on its way has not changed', async () => {
    const store = countingStore(memorySessionStore());
    const sessions = createSessions({ store });
    const kept = expressSessionStore(session, sessions);
    const cookie = { originalMaxAge: 3_600_000, httpOnly: true };
    const { id } = await sessions.create({ data: { cookie, views: 1 } });
    const read = await promisify<session.SessionData | null | undefined>((done) => kept.get(id, done))();
    Object.assign(read?.cookie ?? {}, { originalMaxAge: 3_599_999 });
    if (read) await promisify<void>((done) => kept.set(id, read, done))();
    expect(store.asked).toEqual(['create', 'read']);
    Object.assign(read?.cookie ?? {}, { originalMaxAge: 60_000 });
    if (read) await promisify<void>((done) => kept.set(id, read, done))();
    expect(store.asked).toEqual(['create', 'read', 'write']);
  });

  it('with saveUninitialized, each visitor has a session; without, only who has something in it', async () => {
    const some = await site({ saveUninitialized: true });
    await some.browser.get('/look');
    expect(some.store.asked).toEqual(['create']);
    expect(some.browser.cookie).not.toBe('');
    const none = await site();
    await none.browser.get('/look');
    expect([none.store.asked, none.browser.cookie]).toEqual([[], '']);
  });

  it('an id that there is no session of gets a new one', async () => {
    const { browser, sessions } = await site();
    await browser.get('/view');
    const { text: id } = await browser.get('/login');
    await sessions.destroy(id);
    expect((await browser.get('/look')).text).toBe('nobody 0');
    expect((await browser.get('/view')).text).toBe('1');
  });

  it('a session that logged out is not brought back by a request that saves it late', async () => {
    const { browser, gate, sessions, errors } = await site();
    await browser.get('/login');
    const window = browser.another();
    const late = window.get('/slow');
    await gate.reached;
    await browser.get('/logout');
    gate.open();
    expect((await late).text).toBe('done');
    expect((await window.get('/look')).text).toBe('nobody 0');
    expect(await sessions.list('ann')).toEqual([]);
    expect(errors).toEqual([]);
  });

  it.each([
    ['resave', { resave: true }],
    ['a touch', {}],
  ] as const)('nor by %s that comes late', async (_, options) => {
    const { browser, gate, sessions } = await site(options, {
      userOf: ({ user }) => (typeof user === 'string' ? user : undefined),
    });
    await browser.get('/login');
    const window = browser.another();
    const late = window.get('/slow-look');
    await gate.reached;
    await sessions.revokeAll('ann');
    gate.open();
    await late;
    expect((await window.get('/look')).text).toBe('nobody 0');
    expect(await sessions.list('ann')).toEqual([]);
  });

  it('lists and revokes the sessions of a user', async () => {
    const { browser, sessions } = await site();
    const other = browser.another();
    await browser.get('/login');
    await other.get('/login');
    const [last, first] = await sessions.list('ann');
    expect(await sessions.revoke('ann', last?.handle ?? '')).toBe(true);
    expect((await other.get('/look')).text).toBe('nobody 0');
    expect((await browser.get('/look')).text).toBe('ann 0');
    expect((await sessions.list('ann')).map(({ handle }) => handle)).toEqual([first?.handle]);
  });

  it('trouble with the store is an error, and nobody is logged out by it', async () => {
    const { browser, store, errors } = await site();
    await browser.get('/login');
    const cookie = browser.cookie;
    store.faults.push('broken');
    expect((await browser.get('/look')).status).toBe(500);
    expect(errors).toMatchObject([{ code: 'STORE_FAULT' }]);
    store.faults.push('ok', 'broken');
    await browser.get('/view');
    // It is told behind the response, which had begun.
    await vi.waitFor(() => expect(errors).toHaveLength(2), 20_000);
    store.faults.push('ok', 'broken');
    expect((await browser.get('/logout')).status).toBe(500);
    expect((await browser.get('/look')).text).toBe('ann 0');
    expect(browser.cookie).toBe(cookie);
  });

  it('a store that hangs keeps a request no longer than the deadline', async () => {
    const { browser, store, errors } = await site({}, {}, '100ms');
    await browser.get('/login');
    store.faults.push('hung');
    expect((await browser.get('/look')).status).toBe(500);
    expect(errors).toMatchObject([{ code: 'DEADLINE_EXCEEDED' }]);
  });

  it('a session lives as long as its cookie, and ends with it', async () => {
    const { browser, store, sessions } = await site({ cookie: { maxAge: 60_000 } });
    await browser.get('/view');
    const life = async (): Promise<number> => {
      const [, id = ''] = /=s:([^.]+)/.exec(decodeURIComponent(browser.cookie)) ?? [];
      return (await sessions.get(id))?.endsInMs ?? 0;
    };
    expect(await life()).toBeLessThanOrEqual(60_000);
    await browser.get('/short');
    expect(await life()).toBeLessThanOrEqual(30_000);
    expect((await browser.get('/look')).text).toBe('nobody 1 short');
    await browser.get('/over');
    expect(times(store.asked, 'destroy')).toBe(1);
    expect((await browser.get('/look')).text).toBe('nobody 0');
  });

  it('what was read again is what is in the store', async () => {
    const { browser } = await site();
    await browser.get('/view');
    expect((await browser.get('/reload')).text).toBe('');
    expect((await browser.get('/look')).text).toBe('nobody 1');
  });

  it('of two requests that change one session the later one stays, unless that is to be refused', async () => {
    const careless = await site();
    await careless.browser.get('/view');
    const slow = careless.browser.another().get('/slow');
    await careless.gate.reached;
    await careless.browser.get('/view');
    careless.gate.open();
    await slow;
    expect((await careless.browser.get('/look')).text).toBe('nobody 1 late');

    const careful = await site({}, { conflicts: 'refuse' });
    await careful.browser.get('/view');
    const refused = careful.browser.another().get('/slow');
    await careful.gate.reached;
    await careful.browser.get('/view');
    careful.gate.open();
    await refused;
    await vi.waitFor(() => expect(careful.errors).toMatchObject([{ code: 'SESSION_CONFLICT' }]), 20_000);
    expect((await careful.browser.get('/look')).text).toBe('nobody 2');
  });

  it('opens a session that was begun without it', async () => {
    const { sessions } = await site();
    const { id } = await sessions.create({ user: 'ann', data: { note: 'begun' } });
    const store = expressSessionStore(session, sessions);
    const get = promisify(store.get.bind(store));
    expect(await get(id)).toMatchObject({ note: 'begun', cookie: { originalMaxAge: null } });
    expect(await get('unknown')).toBeNull();
  });
});
