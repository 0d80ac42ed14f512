import type { Bus, BusFeed, busFeed } from '@parley/bus';
import type { Cache, Selection } from '@parley/cache-core';
import type { Health, Logger } from '@parley/cache-core/kernel';
import type { LockStore } from '@parley/cache-core/lock';
import type { SessionStore } from '@parley/cache-core/session';
import { redisLockStore } from '@parley/adapter-redis/lock';
import { redisLimitStore } from '@parley/adapter-redis/ratelimit';
import { redisSessionStore } from '@parley/adapter-redis/session';
import { postgresLockStore } from '@parley/adapter-postgres/lock';
import { postgresLimitStore } from '@parley/adapter-postgres/ratelimit';
import { postgresSessionStore } from '@parley/adapter-postgres/session';
import type { Limiter, LimitStore } from '@parley/ratelimit';
import { createPresence, memoryPresenceStore, type Feed, type Presence } from '@parley/presence';
import {
  createKysely,
  migrate,
  openParley,
  readConfig,
  type ApplicationTables,
  type Database,
  type OpenLimiterOptions,
  type OpenLocksOptions,
  type OpenSessionsOptions,
  type Secret,
  type OpenParleyOptions,
  type Parley,
  type ParleyConfig,
  type ParleyWithDatabase,
  type RedisTarget,
} from '@parley/runtime';
import { expectTypeOf, it } from 'vitest';
import type { Locks } from '@parley/cache-core/lock';
import type { Sessions } from '@parley/cache-core/session';
import { z } from 'zod';

/** The part of a logger of pino 10 that matters: methods that are called with an object and a text, and with more. */
interface PinoLike {
  debug: LogFn;
  info: LogFn;
  warn: LogFn;
  error: LogFn;
  child(bindings: Record<string, unknown>): PinoLike;
}

interface LogFn {
  (obj: unknown, msg?: string, ...args: unknown[]): void;
  (msg: string, ...args: unknown[]): void;
}

it('the environment of the process, a part of it, or any other is taken', () => {
  expectTypeOf(openParley).toBeCallableWith();
  expectTypeOf(openParley).toBeCallableWith(process.env);
  expectTypeOf(openParley).toBeCallableWith({ REDIS_URL: 'redis://localhost', NODE_ENV: undefined });
  expectTypeOf(readConfig).toBeCallableWith(process.env);
  expectTypeOf(readConfig).returns.toEqualTypeOf<ParleyConfig>();
});

it('what is opened is a cache, with why and how it is', () => {
  const opening = (options?: OpenParleyOptions): Promise<Parley> => openParley(process.env, options);
  expectTypeOf(opening).returns.resolves.toEqualTypeOf<Parley>();
  expectTypeOf<Parley['cache']>().toEqualTypeOf<Cache>();
  expectTypeOf<Parley['selection']['cache']>().toEqualTypeOf<Selection>();
  expectTypeOf<Parley['presence']>().toEqualTypeOf<Presence>();
  for (const part of ['presence', 'limits', 'locks', 'sessions'] as const)
    expectTypeOf<Parley['selection'][typeof part]>().toEqualTypeOf<Selection>();
  expectTypeOf<Parley['health']>().returns.resolves.toEqualTypeOf<Health>();
  expectTypeOf<Parley>().toExtend<AsyncDisposable>();
});

it('a database is there where one is asked for, and nowhere else', () => {
  const plain = () => openParley();
  expectTypeOf(plain).returns.resolves.toEqualTypeOf<Parley>();
  expectTypeOf<Parley>().not.toHaveProperty('database');
  const asked = () => openParley(process.env, { database: true, isolation: 'a' });
  expectTypeOf(asked).returns.resolves.toEqualTypeOf<ParleyWithDatabase>();
  const sized = () => openParley(undefined, { database: { maxConnections: 10 } });
  expectTypeOf(sized).returns.resolves.toEqualTypeOf<ParleyWithDatabase>();
  expectTypeOf<ParleyWithDatabase['database']>().toEqualTypeOf<Database>();
  expectTypeOf<ParleyWithDatabase['selection']['database']>().toEqualTypeOf<Selection>();
  expectTypeOf<ParleyWithDatabase>().toExtend<Parley>();
  expectTypeOf(migrate).parameter(0).toEqualTypeOf<Database>();
});

it('queries are typed by the tables that the application names', () => {
  interface Tables {
    lines: { id: string; line: string };
  }
  const query = (tables: ApplicationTables) =>
    tables.kysely<Tables>().selectFrom('lines').selectAll().execute();
  expectTypeOf(query).returns.resolves.toEqualTypeOf<{ id: string; line: string }[]>();
  const bare = (db: Database) => createKysely<Tables>(db, 'notes').selectFrom('lines').select('id').execute();
  expectTypeOf(bare).returns.resolves.toEqualTypeOf<{ id: string }[]>();
});

it('a pino logger fits as it is', () => {
  expectTypeOf<PinoLike>().toExtend<Logger>();
  expectTypeOf<{ logger: PinoLike }>().toExtend<OpenParleyOptions>();
});

it('what connects the cache is decided by the environment, not by options', () => {
  type CacheOptions = NonNullable<OpenParleyOptions['cache']>;
  expectTypeOf<CacheOptions>().not.toHaveProperty('store');
  expectTypeOf<CacheOptions>().not.toHaveProperty('invalidation');
  expectTypeOf<CacheOptions>().toHaveProperty('ttl');
});

it('a bus is the feed that presence asks for, and neither package knows the other', () => {
  expectTypeOf<typeof busFeed>().parameter(0).toEqualTypeOf<Bus>();
  expectTypeOf<BusFeed>().toExtend<Feed>();
  const presence = (feed: BusFeed) => createPresence({ store: memoryPresenceStore(), feed });
  expectTypeOf(presence).returns.toEqualTypeOf<Presence>();
});

it('what presence stands on is decided by the environment, not by options', () => {
  type PresenceOptions = NonNullable<OpenParleyOptions['presence']>;
  expectTypeOf<PresenceOptions>().not.toHaveProperty('store');
  expectTypeOf<PresenceOptions>().not.toHaveProperty('feed');
  expectTypeOf<PresenceOptions>().toHaveProperty('lease');
  expectTypeOf<PresenceOptions>().toHaveProperty('typing');
});

it('stores of both adapters are what limits, locks and sessions ask for', () => {
  expectTypeOf(redisLimitStore).returns.toExtend<LimitStore>();
  expectTypeOf(postgresLimitStore).returns.toExtend<LimitStore>();
  expectTypeOf(redisLockStore).returns.toExtend<LockStore>();
  expectTypeOf(postgresLockStore).returns.toExtend<LockStore>();
  expectTypeOf(redisSessionStore).returns.toExtend<SessionStore>();
  expectTypeOf(postgresSessionStore).returns.toExtend<SessionStore>();
});

it('a limiter knows its rules by name, and sessions their data', () => {
  const limiter = ({ limiter: make }: Parley) =>
    make({ rules: { message: { limit: 1, per: '1s' }, upload: { limit: 1, per: '1m' } } });
  expectTypeOf(limiter).returns.resolves.toEqualTypeOf<Limiter<'message' | 'upload'>>();
  const held = ({ sessions: make }: Parley) => make({ schema: z.object({ theme: z.string() }) });
  expectTypeOf(held).returns.resolves.toEqualTypeOf<Sessions<{ theme: string }>>();
  const plain = ({ sessions: make }: Parley) => make();
  expectTypeOf(plain).returns.resolves.toEqualTypeOf<Sessions<Readonly<Record<string, unknown>>>>();
  expectTypeOf<Parley['locks']>().returns.resolves.toEqualTypeOf<Locks>();
});

it('what limits, locks and sessions stand on is decided by the environment, not by options', () => {
  type LimiterOptions = OpenLimiterOptions<'message'>;
  expectTypeOf<LimiterOptions>().not.toHaveProperty('store');
  expectTypeOf<LimiterOptions>().not.toHaveProperty('clock');
  expectTypeOf<LimiterOptions>().toHaveProperty('rules');
  expectTypeOf<OpenLocksOptions>().not.toHaveProperty('store');
  expectTypeOf<OpenLocksOptions>().toHaveProperty('lease');
  expectTypeOf<OpenSessionsOptions>().not.toHaveProperty('store');
  expectTypeOf<OpenSessionsOptions>().toHaveProperty('ttl');
});

it('a password is a secret and no text', () => {
  expectTypeOf<RedisTarget['password']>().toEqualTypeOf<Secret | undefined>();
  expectTypeOf<ParleyConfig['databaseUrl']>().toEqualTypeOf<Secret | undefined>();
  expectTypeOf<Secret>().not.toExtend<string>();
});
