import type fastifySession from '@fastify/session';
import type { Schema } from '@parley/cache-core/kernel';
import {
  createSessions,
  expressSessionStore,
  fastifySessionStore,
  memorySessionStore,
  type Session,
  type SessionData,
  type Sessions,
} from '@parley/cache-core/session';
import session from 'express-session';
import { expectTypeOf, it } from 'vitest';

interface Cart {
  readonly items: readonly string[];
}

it('sessions have the data of their schema, or what is said of it', () => {
  const store = memorySessionStore();
  const cart: Schema<Cart> = {
    '~standard': { version: 1, vendor: 'test', validate: () => ({ value: { items: [] } }) },
  };
  const typed = createSessions({ store, schema: cart, sweepEvery: 0 });
  expectTypeOf(typed).toEqualTypeOf<Sessions<Cart>>();
  type Typed = typeof typed;
  expectTypeOf<ReturnType<Typed['get']>>().resolves.toEqualTypeOf<Session<Cart> | undefined>();
  expectTypeOf<ReturnType<Typed['update']>>().resolves.toEqualTypeOf<Cart | undefined>();
  expectTypeOf<Parameters<Typed['create']>[0]['data']>().toEqualTypeOf<Cart>();
  expectTypeOf(createSessions({ store, sweepEvery: 0 })).toEqualTypeOf<Sessions<SessionData>>();
});

it('stores are what the frameworks take', () => {
  const sessions = createSessions({ store: memorySessionStore(), sweepEvery: 0 });
  expectTypeOf(expressSessionStore(session, sessions)).toEqualTypeOf<session.Store>();
  expectTypeOf(fastifySessionStore(sessions)).toExtend<fastifySession.SessionStore>();
});
