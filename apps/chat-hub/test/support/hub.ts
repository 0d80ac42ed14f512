import { silentLogger, type Logger } from '@parley/cache-core/kernel';
import { scopes as allScopes, type Role, type Scope } from '@parley/hub-protocol';
import { sharedPostgres } from '@parley/services';
import type { InjectOptions, LightMyRequestResponse } from 'fastify';
import type { Kysely } from 'kysely';
import type { Caller } from '../../src/access/caller.ts';
import { hashOf, newToken } from '../../src/access/secrets.ts';
import { openHub, type Hub, type HubOptions } from '../../src/compose.ts';
import { readHubConfig } from '../../src/config.ts';
import { newId } from '../../src/database/ids.ts';
import type { Tables } from '../../src/database/tables.ts';

export type HubDatabase = 'embedded' | 'postgres';
export const hubDatabases: readonly HubDatabase[] = ['embedded', 'postgres'];

export interface TestHubOptions extends Partial<HubOptions> {
  readonly env?: Readonly<Record<string, string>>;
  readonly logger?: Logger;
}

/** Somebody with a token. */
export interface TestUser {
  readonly id: string;
  readonly handle: string;
  readonly token: string;
}

export interface Ask {
  readonly token?: string | undefined;
  readonly cookie?: string | undefined;
  readonly headers?: Readonly<Record<string, string>>;
  /** Sent as JSON; text and bytes as they are. */
  readonly body?: unknown;
}

export interface TestHub extends AsyncDisposable {
  readonly hub: Hub;
  /** Another node on the same database. */
  readonly another: () => Promise<Hub>;
  /** Without the prefix of the routes. */
  readonly ask: (method: string, path: string, ask?: Ask) => Promise<LightMyRequestResponse>;
  /** A person or an agent, put into the database. */
  readonly user: (
    handle: string,
    facts?: { role?: Role; kind?: 'person' | 'agent'; ownerId?: string },
  ) => Promise<TestUser>;
  readonly token: (
    userId: string,
    facts?: { scopes?: readonly Scope[]; expiresAt?: number; revokedAt?: number },
  ) => Promise<string>;
  readonly tables: () => Kysely<Tables>;
  /** How many statements wait for a lock, on a server. */
  readonly waiting: () => Promise<number>;
}

function kyselyOf(hub: Hub): Kysely<Tables> {
  return hub.tables.kysely<Tables>();
}

export const ownPage = { host: 'hub.test', origin: 'http://hub.test' };

/** A whole node on a database of its own; it listens only when a test tells it to. */
export async function openTestHub(kind: HubDatabase, options: TestHubOptions = {}): Promise<TestHub> {
  const server = kind === 'postgres' ? await sharedPostgres() : undefined;
  const { env, logger = silentLogger, ...rest } = options;
  const config = readHubConfig({
    NODE_ENV: 'test',
    HUB_PORT: '0',
    // Tests say more at once than anybody does.
    HUB_LIMITS:
      'change=off,connect=off,message=off,reaction=off,read=off,search=off,sockets=off,stream=off,typing=off,upload=off,address=off',
    ...(server && { DATABASE_URL: server.url }),
    ...env,
  });
  const isolation = kind === 'postgres' ? `t${newId().replaceAll('-', '').slice(-20)}` : undefined;
  const open = (): Promise<Hub> => openHub(config, { logger, isolation, ...rest });
  const hub = await open();
  const nodes = [hub];
  const insertToken: TestHub['token'] = async (userId, { scopes = allScopes, expiresAt, revokedAt } = {}) => {
    const secret = newToken();
    await kyselyOf(hub)
      .insertInto('tokens')
      .values({
        id: newId(),
        user_id: userId,
        name: 'of a test',
        hash: hashOf(secret),
        scopes: [...scopes],
        created_at: Date.now(),
        expires_at: expiresAt ?? null,
        revoked_at: revokedAt ?? null,
      })
      .execute();
    return secret;
  };
  return {
    hub,
    async another() {
      const node = await open();
      nodes.push(node);
      return node;
    },
    ask: (method, path, ask) => inject(hub, method, `/api/v1${path}`, ask),
    async user(handle, { role = 'member', kind = 'person', ownerId } = {}) {
      const id = newId();
      await kyselyOf(hub)
        .insertInto('users')
        .values({
          id,
          kind,
          handle,
          role,
          display_name: handle,
          created_at: Date.now(),
          owner_id: ownerId ?? null,
        })
        .execute();
      return { id, handle, token: await insertToken(id) };
    },
    token: insertToken,
    tables: () => kyselyOf(hub),
    async waiting() {
      const { rows } = await hub.parley.database.query(
        {
          text: `select 1 from pg_stat_activity where wait_event_type = 'Lock' and strpos(query, $1) > 0 and pid <> pg_backend_pid()`,
        },
        [hub.tables.schema],
      );
      return rows.length;
    },
    async [Symbol.asyncDispose]() {
      for (const node of nodes.slice(1)) await node.close();
      const { tables, parley } = hub;
      // Several nodes share what none of them may take along; a test may have taken the database away itself.
      if (isolation !== undefined)
        await parley.database
          .query({ text: `drop schema ${tables.schema}, ${parley.database.schema} cascade` })
          .catch(() => undefined);
      await hub.close();
      await server?.drop();
    },
  };
}

export function inject(
  hub: Hub,
  method: string,
  url: string,
  { token, cookie, headers, body }: Ask = {},
): Promise<LightMyRequestResponse> {
  const raw = typeof body === 'string' || body instanceof Uint8Array;
  const options = {
    method,
    url,
    headers: {
      ...(token !== undefined && { authorization: `Bearer ${token}` }),
      ...(cookie !== undefined && { cookie }),
      ...(body !== undefined && { 'content-type': 'application/json' }),
      ...headers,
    },
    ...(body !== undefined && { payload: raw ? Buffer.from(body) : JSON.stringify(body) }),
  };
  // Methods are texts here, because a test goes through those of a table.
  return hub.server.inject(options as InjectOptions);
}

/** What a browser sends back of what it was given. */
export function cookieOf(response: LightMyRequestResponse): string {
  const header = [response.headers['set-cookie']].flat().join('; ');
  const [pair = ''] = header.split(';');
  return pair;
}

/** The code of a problem, or the status of anything else. */
export function outcomeOf(response: LightMyRequestResponse): string | number {
  if (!String(response.headers['content-type']).startsWith('application/problem+json'))
    return response.statusCode;
  return response.json<{ code: string }>().code;
}

export async function callerOf(hub: Hub, token: string): Promise<Caller> {
  const caller = await hub.access.authenticate(token);
  if (caller === undefined) throw new Error('the token is of no use');
  return caller;
}
