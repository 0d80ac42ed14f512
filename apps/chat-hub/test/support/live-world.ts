import { randomBytes } from 'node:crypto';
import { createServer } from 'node:http';
import type { Bus } from '@parley/bus';
import { silentLogger, systemClock } from '@parley/cache-core/kernel';
import { effectiveScopes, type Role, type Scope } from '@parley/hub-protocol';
import { openParley, readCount, Secret, type Environment, type ParleyWithDatabase } from '@parley/runtime';
import { sharedPostgres, sharedRedis, sharedRedisCluster, until } from '@parley/services';
import type { Caller } from '../../src/access/caller.ts';
import { newId } from '../../src/database/ids.ts';
import { createFeed } from '../../src/live/create-feed.ts';
import { noLimits, type HubLimits } from '../../src/limits/hub-limits.ts';
import { epochOf, LogEpoch } from '../../src/live/epoch.ts';
import { Wire } from '../../src/live/wire.ts';
import { openPresence, presenceOptions, type HubPresence } from '../../src/presence/hub-presence.ts';
import { openSockets, type OpenSockets } from '../../src/socket/open-sockets.ts';
import type { Identity, SocketBounds } from '../../src/socket/services.ts';
import { TestClient, type ClientOptions } from './client.ts';
import { createTestChat, type TestChat } from './test-chat.ts';

export type Backend = 'embedded' | 'postgres' | 'redis' | 'redis cluster';
export type LiveBus = Pick<Bus, 'publish' | 'subscribe'>;

export interface LiveWorldOptions {
  /** @default 'postgres' */
  readonly backend?: Backend;
  /** @default 1 */
  readonly nodes?: number;
  readonly wrapBus?: (bus: LiveBus) => LiveBus;
  readonly bounds?: SocketBounds;
  /** @default none */
  readonly limits?: HubLimits;
  /** Over that of the backend. */
  readonly env?: Environment;
}

export interface TestNode {
  readonly parley: ParleyWithDatabase;
  readonly chat: TestChat;
  readonly presence: HubPresence;
  readonly sockets: OpenSockets;
  readonly epoch: LogEpoch;
  readonly url: string;
  readonly feed: ReturnType<typeof createFeed>;
  readonly connect: (token: string, options?: Partial<ClientOptions>) => Promise<TestClient>;
}

/** Somebody with a token. */
export interface TestUser {
  readonly id: string;
  readonly token: string;
}

interface Token {
  readonly userId: string;
  readonly role: Role;
  readonly scopes: readonly Scope[] | undefined;
  readonly expiresAt: number | undefined;
}

/** Several nodes of a hub in this process, on one real database. */
export class LiveWorld implements AsyncDisposable {
  readonly nodes: TestNode[] = [];
  readonly #tokens = new Map<string, Token>();
  readonly #makers = new Map<string, string>();
  readonly #closers: (() => Promise<unknown> | void)[] = [];

  /** What nodes share, and nobody else. */
  readonly #isolation = `t${randomBytes(6).toString('hex')}`;

  static async open({
    backend = 'postgres',
    nodes = 1,
    ...options
  }: LiveWorldOptions = {}): Promise<LiveWorld> {
    const world = new LiveWorld();
    const env = { ...(await environmentOf(backend)), ...options.env };
    for (let i = 0; i < nodes; i += 1) await world.#start(env, backend, options);
    return world;
  }

  get node(): TestNode {
    const [first] = this.nodes;
    if (first === undefined) throw new Error('no node was started');
    return first;
  }

  async user(
    name: string,
    { scopes, expiresAt }: { scopes?: readonly Scope[]; expiresAt?: number } = {},
  ): Promise<TestUser> {
    const id = newId();
    const { database, tables } = this.node.parley;
    const { schema } = tables('hub', sqlFolder);
    await database.query(
      {
        text: `insert into ${schema}.users (id, kind, handle, display_name, role, created_at) values ($1, 'agent', $2, $2, 'member', 1)`,
      },
      [id, `${name}-${id.slice(-6)}`],
    );
    const token = `token-of-${name}-${id}`;
    this.#tokens.set(token, { userId: id, role: 'member', scopes, expiresAt });
    return { id, token };
  }

  /** As who runs the hub does it: the row says that something changed, and with `quiet` only the row. */
  async revoke({ id, token }: TestUser, quiet?: 'quiet'): Promise<void> {
    this.#tokens.delete(token);
    await this.#query('update hub.users set rev = rev + 1 where id = $1', [id]);
    if (quiet === undefined) this.node.feed.accessChanged(id);
  }

  async #query(text: string, params: readonly string[]): Promise<readonly (readonly (string | null)[])[]> {
    const { database, tables } = this.node.parley;
    const { schema } = tables('hub', sqlFolder);
    return (await database.query({ text: text.replaceAll('hub.', `${schema}.`) }, params)).rows;
  }

  /** Another history, as after a backup was restored. */
  async newEpoch(): Promise<void> {
    await this.#query(`update hub.workspace set nonce = 'another'`, []);
  }

  async [Symbol.asyncDispose](): Promise<void> {
    for (const close of this.#closers.toReversed()) await close();
  }

  async #start(env: Environment, backend: Backend, options: LiveWorldOptions): Promise<void> {
    const parley = await openParley(env, {
      logger: silentLogger,
      database: true,
      presence: presenceOptions,
      ...(backend !== 'embedded' && { isolation: this.#isolation }),
    });
    const tables = parley.tables('hub', sqlFolder);
    const first = this.nodes.length === 0;
    this.#closers.push(async () => {
      const schemas = `${parley.database.schema}, ${tables.schema}`;
      // The last that is closed.
      if (first) await parley.database.query({ text: `drop schema if exists ${schemas} cascade` });
      await parley.close();
    });
    await tables.migrate();
    await tables.db.query({
      text: `insert into ${tables.schema}.workspace (created_at) values (1) on conflict do nothing`,
    });
    const { wrapBus = (bus: LiveBus): LiveBus => bus } = options;
    const wire = new Wire({
      bus: backend === 'embedded' ? undefined : wrapBus(parley.bus),
      clock: systemClock,
    });
    const epoch = await LogEpoch.open(epochOf(tables), systemClock);
    const feed = createFeed({ wire, epoch: () => epoch.current, clock: systemClock });
    const chat = createTestChat({
      parley,
      feed,
      epoch: () => epoch.current,
      callerOf: (userId) => this.#callerOf(userId),
      makers: this.#makers,
    });
    const presence = openPresence({
      presence: parley.presence,
      profile: async () => ({ capabilities: [], model: null, ownerId: null }),
      clock: systemClock,
    });
    const sockets = openSockets({
      nodeId: `node${this.nodes.length}`,
      chat,
      presence,
      limits: options.limits ?? noLimits,
      feed,
      wire,
      epoch,
      tables,
      identity: this.#identity(),
      logger: silentLogger,
      bounds: options.bounds,
    });
    const server = createServer();
    sockets.attach(server);
    await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
    this.#closers.push(() => {
      sockets.close();
      server.closeAllConnections();
      server.close();
    });
    const address = server.address();
    const port = typeof address === 'object' && address !== null ? address.port : 0;
    const url = `ws://127.0.0.1:${port}/api/v1/socket`;
    this.nodes.push({
      parley,
      chat,
      presence,
      sockets,
      epoch,
      url,
      feed,
      connect: (token, more) =>
        TestClient.open(url, {
          token,
          ...more,
        }),
    });
    await until(() => wire.steady, { what: 'the node hears others' });
  }

  #callerOf(userId: string): Caller {
    return {
      userId,
      handle: 'somebody',
      kind: 'agent',
      role: 'member',
      rev: 1,
      scopes: effectiveScopes('member'),
      by: {
        kind: 'token',
        id: 't',
      },
    };
  }

  #identity(): Identity {
    const callerOf = async (token: string): Promise<Caller | undefined> => {
      const known = this.#tokens.get(token);
      if (known === undefined || (known.expiresAt ?? Infinity) <= Date.now()) return undefined;
      const { userId, role, scopes, expiresAt } = known;
      const [row] = await this.#query('select rev from hub.users where id = $1', [userId]);
      if (row === undefined) return undefined;
      return {
        userId,
        role,
        expiresAt,
        handle: 'somebody',
        kind: 'agent',
        rev: readCount(row, 0),
        scopes: effectiveScopes(role, scopes),
        by: token.startsWith('session')
          ? { kind: 'session', id: token, secret: new Secret(token) }
          : { kind: 'token', id: token },
      };
    };
    return {
      authenticate: (by) =>
        callerOf(
          typeof by === 'string'
            ? by
            : (by.headers.authorization?.replace('Bearer ', '') ?? by.headers.cookie ?? ''),
        ),
      recheck: (caller) => callerOf(caller.by.id),
    };
  }

  /** A session of a user, as a browser would send it. */
  session({ id }: TestUser): string {
    const session = `session-${newId()}`;
    this.#tokens.set(session, { userId: id, role: 'member', scopes: undefined, expiresAt: undefined });
    return session;
  }
}

const sqlFolder = new URL('../../sql/', import.meta.url);

async function environmentOf(backend: Backend): Promise<Environment> {
  if (backend === 'embedded') return { NODE_ENV: 'test' };
  const { url } = await sharedPostgres();
  if (backend === 'postgres') return { NODE_ENV: 'test', DATABASE_URL: url };
  const env = { NODE_ENV: 'test', DATABASE_URL: url, CACHE_ADAPTER: 'redis' };
  if (backend === 'redis cluster') {
    const { urls, prefix } = await sharedRedisCluster();
    const nodes = urls.map((one) => new URL(one).host).join(',');
    return { ...env, REDIS_CLUSTER_NODES: nodes, REDIS_KEY_PREFIX: prefix };
  }
  const redis = await sharedRedis();
  return { ...env, REDIS_URL: redis.url, REDIS_KEY_PREFIX: redis.prefix };
}
