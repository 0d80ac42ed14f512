import { HubError, scopesOfRole, type Scope, type Token } from '@parley/hub-protocol';
import type { Selectable } from 'kysely';
import { noteAudit } from '../audit/note.ts';
import { newId } from '../database/ids.ts';
import { oneMore } from '../database/one-more.ts';
import type { Tables, TokenTable } from '../database/tables.ts';
import type { AccessBase, Call } from './base.ts';
import type { Caller } from './caller.ts';
import { managesTokensOf, subjectOf, type Subject } from './rules.ts';
import { hashOf, newToken } from './secrets.ts';

export interface NewToken {
  readonly name: string;
  /** @default the caller */
  readonly userId?: string | undefined;
  readonly scopes: readonly Scope[];
  /** @default never */
  readonly expiresAt?: number | undefined;
}

export interface TokenQuery {
  /** @default the caller */
  readonly userId?: string | undefined;
  /** The id of the last one of the page before. */
  readonly before?: string | undefined;
  readonly limit: number;
}

/** What programs prove themselves by. The secret is told once and kept as a hash. */
export class Tokens {
  readonly #base: AccessBase;

  constructor(base: AccessBase) {
    this.#base = base;
  }

  /** The latest first. */
  async list(caller: Caller, { userId = caller.userId, before, limit }: TokenQuery): Promise<Token[]> {
    await this.#subject(caller, userId);
    const rows = await this.#kysely()
      .selectFrom('tokens')
      .selectAll()
      .where('user_id', '=', userId)
      .$if(before !== undefined, (query) => query.where('id', '<', before ?? ''))
      .orderBy('id', 'desc')
      .limit(limit)
      .execute();
    return rows.map(tokenOf);
  }

  async create(
    caller: Caller,
    { name, userId = caller.userId, scopes, expiresAt }: NewToken,
  ): Promise<{ token: Token; secret: string }> {
    const subject = await this.#subject(caller, userId);
    const wanted = [...new Set(scopes)];
    checkScopes(caller, subject, wanted);
    const now = this.#base.clock.now();
    checkEnd(caller, expiresAt, now);
    const secret = newToken();
    const row = {
      id: newId(now),
      user_id: userId,
      name,
      hash: hashOf(secret),
      scopes: wanted,
      created_at: now,
      expires_at: expiresAt ?? null,
    };
    const token = await this.#base.tables.db.transaction(async (session) => {
      const kysely = this.#base.tables.kysely<Tables>(session);
      // Held, so that a token is never left over by a deactivation that runs at the same moment.
      const user = await kysely
        .selectFrom('users')
        .select('deactivated_at')
        .where('id', '=', userId)
        .forShare()
        .executeTakeFirst();
      if (user === undefined || user.deactivated_at !== null)
        throw new HubError('INVALID', 'userId must be the id of a user who is active', { field: 'userId' });
      const made = await kysely.insertInto('tokens').values(row).returningAll().executeTakeFirstOrThrow();
      const details = { userId, scopes: wanted, expiresAt: expiresAt ?? null };
      await noteAudit(kysely, { action: 'token.create', actor: caller, subjectId: row.id, details });
      return tokenOf(made);
    });
    return { token, secret };
  }

  async revoke(caller: Caller, tokenId: string, call?: Call): Promise<void> {
    const token = await this.#kysely()
      .selectFrom('tokens')
      .innerJoin('users', 'users.id', 'tokens.user_id')
      .select(['users.id', 'users.role', 'users.owner_id'])
      .where('tokens.id', '=', tokenId)
      .executeTakeFirst();
    // Whether there is one that is not theirs is nobody's business.
    if (token === undefined || !managesTokensOf(caller, subjectOf(token)))
      throw new HubError('NOT_FOUND', 'no token of yours has this id');
    const userId = token.id;
    await this.#base.tables.db.transaction(async (session) => {
      const kysely = this.#base.tables.kysely<Tables>(session);
      await kysely
        .updateTable('users')
        .set({ rev: oneMore('rev') })
        .where('id', '=', userId)
        .execute();
      const { numUpdatedRows } = await kysely
        .updateTable('tokens')
        .set({ revoked_at: this.#base.clock.now() })
        .where('id', '=', tokenId)
        .where('revoked_at', 'is', null)
        .executeTakeFirst();
      if (numUpdatedRows === 0n) return;
      const details = { userId };
      await noteAudit(kysely, { action: 'token.revoke', actor: caller, subjectId: tokenId, details });
    }, call);
    this.#base.feed.accessChanged(userId);
  }

  /** All that somebody has but the one that asks. Answers how many. */
  async revokeAll(caller: Caller, userId: string, call?: Call): Promise<number> {
    await this.#subject(caller, userId);
    const revoked = await this.#base.tables.db.transaction(async (session) => {
      const kysely = this.#base.tables.kysely<Tables>(session);
      await kysely
        .updateTable('users')
        .set({ rev: oneMore('rev') })
        .where('id', '=', userId)
        .execute();
      const ended = await kysely
        .updateTable('tokens')
        .set({ revoked_at: this.#base.clock.now() })
        .where('user_id', '=', userId)
        .where('revoked_at', 'is', null)
        .$if(caller.by.kind === 'token', (query) => query.where('id', '!=', caller.by.id))
        .returning('id')
        .execute();
      for (const { id } of ended)
        await noteAudit(kysely, {
          action: 'token.revoke',
          actor: caller,
          subjectId: id,
          details: { userId },
        });
      return ended.length;
    }, call);
    this.#base.feed.accessChanged(userId);
    return revoked;
  }

  async #subject(caller: Caller, userId: string): Promise<Subject> {
    const row = await this.#kysely()
      .selectFrom('users')
      .select(['id', 'role', 'owner_id'])
      .where('id', '=', userId)
      .executeTakeFirst();
    if (row === undefined) throw new HubError('NOT_FOUND', 'nobody has this id', { field: 'userId' });
    const subject = subjectOf(row);
    if (managesTokensOf(caller, subject)) return subject;
    throw new HubError('FORBIDDEN', 'tokens of somebody else are for their owner and for administrators', {
      field: 'userId',
    });
  }

  #kysely() {
    return this.#base.tables.kysely<Tables>();
  }
}

function checkScopes(caller: Caller, subject: Subject, wanted: readonly Scope[]): void {
  const refuse = (scope: Scope, why: string): never => {
    throw new HubError('FORBIDDEN', `the scope ${scope} ${why}`, { field: 'scopes' });
  };
  for (const scope of wanted) {
    if (!caller.scopes.includes(scope)) refuse(scope, 'is not the caller’s to give');
    if (!scopesOfRole[subject.role].includes(scope))
      refuse(scope, 'is more than the role of the user allows');
  }
}

/** A token that ends must not make one that lives on. */
function checkEnd(caller: Caller, expiresAt: number | undefined, now: number): void {
  const refuse = (expected: string): never => {
    throw new HubError('INVALID', `expiresAt must ${expected}`, { field: 'expiresAt' });
  };
  if (expiresAt !== undefined && expiresAt <= now) refuse('lie in the future');
  if (caller.expiresAt !== undefined && (expiresAt ?? Infinity) > caller.expiresAt)
    refuse('not be later than that of the token which makes it');
}

export function tokenOf(row: Selectable<TokenTable>): Token {
  const time = (text: string | null): number | null => (text === null ? null : Number(text));
  return {
    id: row.id,
    userId: row.user_id,
    name: row.name,
    scopes: row.scopes,
    createdAt: Number(row.created_at),
    expiresAt: time(row.expires_at),
    lastUsedAt: time(row.last_used_at),
    revokedAt: time(row.revoked_at),
  };
}
