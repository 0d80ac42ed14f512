import { postgresSessionStore } from '@parley/adapter-postgres/session';
import { createSessions, type Sessions as Kept, type Visitor } from '@parley/cache-core/session';
import { HubError, type Session } from '@parley/hub-protocol';
import { Secret, type Database } from '@parley/runtime';
import * as z from 'zod/mini';
import type { Call } from './base.ts';
import type { BySession } from './caller.ts';

const held = z.object({ era: z.int() });

/** Whose a session is, and to which era of their sessions it belongs: those of former ones are over. */
export interface SessionEntry {
  readonly userId: string;
  readonly era: number;
}

/** How long a session lives without being used. */
export const sessionHours = 24;

/** As many as are shown; nobody has more on purpose. */
const mostListed = 100;

/**
 * Who signed in with a password. They are kept in the database, wherever the cache is: each request of somebody asks it anyway, so that nothing
 * else can be away, and no cache that is full puts somebody out. What would open a session is not kept, only hashes of it.
 */
export class Sessions {
  readonly #kept: Kept<z.infer<typeof held>>;

  constructor(database: Database) {
    this.#kept = createSessions({
      store: postgresSessionStore(database),
      schema: held,
      ttl: `${sessionHours}h`,
      maxAge: '90d',
    });
  }

  /** Answers what the cookie carries; nobody else is told. */
  async begin({ userId: user, era }: SessionEntry, visitor: Visitor, call: Call = {}): Promise<Secret> {
    const { id } = await this.#kept.create({ user, data: { era }, ...visitor, signal: call.signal });
    return new Secret(id);
  }

  /** Rejects when it cannot be known: that nobody is signed in must not be told for a database that is away. */
  async find(
    secret: Secret,
    { signal }: Call = {},
  ): Promise<(SessionEntry & { readonly by: BySession }) | undefined> {
    const session = await this.#kept.get(secret.reveal(), { signal });
    if (session?.user === undefined) return undefined;
    const { user: userId, handle: id, data } = session;
    return { userId, era: data.era, by: { kind: 'session', id, secret } };
  }

  /** Keeps a session going over a change that ends all others. */
  async renew({ secret }: BySession, era: number): Promise<void> {
    await this.#kept.update(secret.reveal(), () => ({ era }));
  }

  async end({ secret }: BySession): Promise<void> {
    await this.#kept.destroy(secret.reveal());
  }

  /** @param by what asks, if it is one of them */
  async list(userId: string, by: BySession | undefined, { signal }: Call = {}): Promise<Session[]> {
    const current = by?.secret.reveal();
    const all = await this.#kept.list(userId, { current, limit: mostListed, signal });
    return all.map(({ handle, createdAt, seenAt, endsInMs, address, userAgent, current: isCurrent }) => ({
      id: handle,
      createdAt,
      lastSeenAt: seenAt,
      expiresAt: Math.round(Date.now() + endsInMs),
      address: address ?? null,
      userAgent: userAgent ?? null,
      current: isCurrent,
    }));
  }

  /** @throws {HubError} `NOT_FOUND` */
  async revoke(userId: string, id: string, { signal }: Call = {}): Promise<void> {
    if (!(await this.#kept.revoke(userId, id, { signal })))
      throw new HubError('NOT_FOUND', 'there is no session with this id');
  }

  /** @param by the one that stays */
  async revokeAll(userId: string, by?: BySession, { signal }: Call = {}): Promise<void> {
    await this.#kept.revokeAll(userId, { except: by?.secret.reveal(), signal });
  }

  close(): Promise<void> {
    return this.#kept.close();
  }
}
