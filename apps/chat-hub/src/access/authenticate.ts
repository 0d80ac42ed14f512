import type { IncomingHttpHeaders } from 'node:http';
import { effectiveScopes, HubError, roles, scopes, type Role, type Scope } from '@parley/hub-protocol';
import { readCount, readText, Secret, type ApplicationTables, type TextRow } from '@parley/runtime';
import type { Call } from './base.ts';
import type { Caller } from './caller.ts';
import { sessionIn } from './cookie.ts';
import { hashOf, isToken } from './secrets.ts';
import type { Sessions } from './sessions.ts';

/** What somebody proves themselves by: the headers of a request, or a token. */
export type Proof = { readonly headers: IncomingHttpHeaders } | string;

export type Credentials =
  | { readonly kind: 'token'; readonly token: string }
  | { readonly kind: 'session'; readonly secret: Secret };

/**
 * What came with a request. A header `authorization` counts alone, also when it is of no use: who sends one does not mean the cookie that a
 * browser adds.
 */
export function credentialsIn(headers: IncomingHttpHeaders): Credentials | undefined {
  const { authorization, cookie } = headers;
  if (authorization !== undefined) {
    const [, token] = /^Bearer +([^\s]+)$/i.exec(authorization) ?? [];
    return { kind: 'token', token: token ?? '' };
  }
  const secret = sessionIn(cookie);
  return secret === undefined ? undefined : { kind: 'session', secret: new Secret(secret) };
}

export interface AuthenticatorBase {
  readonly tables: ApplicationTables;
  readonly sessions: Sessions;
  readonly tokenUsed: (tokenId: string) => void;
}

/** Knows who calls. What is answered is asked of the database each time, so that a right that was taken away is gone at once, on every node. */
export class Authenticator {
  readonly #base: AuthenticatorBase;

  constructor(base: AuthenticatorBase) {
    this.#base = base;
  }

  /** Undefined: nobody who may come in. Rejects where that cannot be known at the moment. */
  async authenticate(proof: Proof, call?: Call): Promise<Caller | undefined> {
    const credentials =
      typeof proof === 'string' ? ({ kind: 'token', token: proof } as const) : credentialsIn(proof.headers);
    if (credentials === undefined) return undefined;
    if (credentials.kind === 'session') return this.#bySession(credentials.secret, call);
    if (!isToken(credentials.token)) return undefined;
    const caller = await this.#byToken(hashOf(credentials.token), null, call);
    if (caller !== undefined) this.#base.tokenUsed(caller.by.id);
    return caller;
  }

  /** Who signed in just now. */
  async bySecret(secret: Secret, call?: Call): Promise<Caller> {
    const caller = await this.#bySession(secret, call);
    // Deactivated in this very moment, or the session could not be kept.
    if (caller === undefined) throw new HubError('UNAVAILABLE', 'the session could not be kept: try again');
    return caller;
  }

  /**
   * Who the caller is by now; undefined: what they came in by is not valid any more.
   *
   * @throws {HubError} `FORBIDDEN` when the user was deactivated
   */
  async recheck(caller: Caller, call?: Call): Promise<Caller | undefined> {
    const { by } = caller;
    const now =
      by.kind === 'session' ? await this.#bySession(by.secret, call) : await this.#byToken(null, by.id, call);
    if (now === undefined && (await this.#isDeactivated(caller.userId, call)))
      throw new HubError('FORBIDDEN', 'the user was deactivated');
    return now;
  }

  async #isDeactivated(userId: string, call?: Call): Promise<boolean> {
    const { tables } = this.#base;
    const { rows } = await tables.db.query(tables.statement('user_deactivated'), [userId], call);
    return rows.length > 0;
  }

  async #bySession(secret: Secret, call?: Call): Promise<Caller | undefined> {
    const { tables, sessions } = this.#base;
    const entry = await sessions.find(secret, call);
    if (entry === undefined) return undefined;
    const statement = tables.statement('caller_of_session');
    const { rows } = await tables.db.query(statement, [entry.userId, entry.era], call);
    const [row] = rows;
    if (row === undefined) return undefined;
    const user = userIn(row);
    return { ...user, scopes: effectiveScopes(user.role), by: entry.by };
  }

  async #byToken(hash: Buffer | null, id: string | null, call?: Call): Promise<Caller | undefined> {
    const { tables } = this.#base;
    const { rows } = await tables.db.query(tables.statement('caller_of_token'), [hash, id], call);
    const [row] = rows;
    if (row === undefined) return undefined;
    const user = userIn(row);
    const given = readText(row, 6).split(' ').filter(isScope);
    const expires = row[7] ?? null;
    return {
      ...user,
      scopes: effectiveScopes(user.role, given),
      by: { kind: 'token', id: readText(row, 5) },
      ...(expires !== null && { expiresAt: Number(expires) }),
    };
  }
}

function userIn(row: TextRow): Pick<Caller, 'userId' | 'handle' | 'kind' | 'role' | 'rev'> {
  return {
    userId: readText(row, 0),
    handle: readText(row, 1),
    kind: readText(row, 2) === 'person' ? 'person' : 'agent',
    role: roleIn(readText(row, 3)),
    rev: readCount(row, 4),
  };
}

/** One that a later version wrote promises least. */
function roleIn(text: string): Role {
  return roles.find((role) => role === text) ?? 'observer';
}

function isScope(text: string): text is Scope {
  return scopes.some((scope) => scope === text);
}
