import { readFileSync } from 'node:fs';
import fastifyCookie from '@fastify/cookie';
import fastifySession from '@fastify/session';
import {
  createSessions,
  expressSessionStore,
  fastifySessionStore,
  memorySessionStore,
} from '@parley/cache-core/session';
import type { Schema } from '@parley/cache-core/kernel';
import express from 'express';
import session from 'express-session';
import fastify from 'fastify';
import { describe, expect, it } from 'vitest';

interface Cart {
  readonly items: readonly string[];
}

const cartSchema: Schema<Cart> = {
  '~standard': {
    version: 1,
    vendor: 'example',
    validate: (value) => {
      const items: unknown =
        typeof value === 'object' && value !== null ? Reflect.get(value, 'items') : undefined;
      return Array.isArray(items)
        ? { value: { items: items.map(String) } }
        : { issues: [{ message: 'no items' }] };
    },
  },
};

const secret = 'a secret of at least thirty-two characters';

describe('the examples of the documentation', () => {
  it('a session, from its beginning to its end', async () => {
    const store = memorySessionStore();
    // #region sessions
    const sessions = createSessions({ store, schema: cartSchema, ttl: '24h', maxAge: '30d' });

    // Somebody comes: the id goes into a cookie, and nowhere else.
    const visitor = await sessions.create({ data: { items: [] } });
    await sessions.update(visitor.id, ({ items }) => ({ items: [...items, 'book'] }));

    // They sign in: the session is theirs from now on, under another id.
    const signedIn = await sessions.signIn(visitor.id, { user: 'ann', userAgent: 'Firefox on Linux' });
    if (signedIn === undefined) throw new Error('the session has ended meanwhile');

    // A request: undefined means that there is no session. Trouble with the store rejects.
    const found = await sessions.get(signedIn.id);

    // "Where am I signed in", "sign out there", "sign out everywhere else".
    const devices = await sessions.list('ann', { current: signedIn.id });
    for (const { handle, current } of devices) if (!current) await sessions.revoke('ann', handle);
    await sessions.revokeAll('ann', { except: signedIn.id });

    // They sign out. No request that is still under way brings the session back.
    await sessions.destroy(signedIn.id);
    // #endregion sessions
    expect(found).toMatchObject({ user: 'ann', data: { items: ['book'] } });
    expect(devices).toMatchObject([{ current: true, userAgent: 'Firefox on Linux' }]);
    expect(await sessions.get(signedIn.id)).toBeUndefined();
    await sessions.close();
  });

  it('express-session', async () => {
    const sessions = createSessions({ store: memorySessionStore() });
    // #region express
    const app = express();
    app.use(
      session({
        store: expressSessionStore(session, sessions, {
          // Whoever this answers has the session in their list.
          userOf: ({ user }) => (typeof user === 'string' ? user : undefined),
        }),
        secret,
        resave: false,
        saveUninitialized: false,
        cookie: { maxAge: 86_400_000 },
      }),
    );
    // #endregion express
    expect(app).toBeDefined();
    await sessions.close();
  });

  it('@fastify/session', async () => {
    const sessions = createSessions({ store: memorySessionStore() });
    // #region fastify
    const app = fastify();
    await app.register(fastifyCookie);
    await app.register(fastifySession, {
      store: fastifySessionStore(sessions, {
        userOf: ({ user }) => (typeof user === 'string' ? user : undefined),
      }),
      secret,
    });
    // #endregion fastify
    app.get('/', async ({ session }) => session.sessionId);
    expect((await app.inject('/')).body).toMatch(/^[\w-]+$/);
    await app.close();
    await sessions.close();
  });

  it('the code in the README is this code', () => {
    const read = (path: string): string => readFileSync(new URL(path, import.meta.url), 'utf8');
    const [, shown = ''] =
      /## Sessions\n[^]*?```ts\nimport .*\n\n([^]*?)```/.exec(read('../../README.md')) ?? [];
    const [, tested = ''] =
      /\/\/ #region sessions\n([^]*?) *\/\/ #endregion sessions/.exec(read('session.test.ts')) ?? [];
    expect(shown.trim()).toBe(tested.replaceAll(/^ {4}/gm, '').trim());
    expect(shown).toContain('signIn');
  });
});
