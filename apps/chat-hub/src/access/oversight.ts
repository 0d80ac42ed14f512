import { HubError, type Session } from '@parley/hub-protocol';
import type { Kysely } from 'kysely';
import { noteAudit } from '../audit/note.ts';
import { oneMore } from '../database/one-more.ts';
import type { Tables } from '../database/tables.ts';
import type { AccessBase, Call } from './base.ts';
import type { Caller } from './caller.ts';
import type { Changes } from './changes.ts';
import { endSessions } from './credentials.ts';
import { requireOutranks } from './rules.ts';

/** A set-up code that is open: whose, and until when. */
export interface OpenCode {
  readonly userId: string;
  readonly createdAt: number;
  readonly expiresAt: number;
}

const mostCodes = 200;

/** What administrators see and end of the ways by which others come in. That the caller has the scope for it is made sure of before. */
export class Oversight {
  readonly #base: Pick<AccessBase, 'tables' | 'sessions' | 'clock'>;
  readonly #changes: Changes;

  constructor(base: Pick<AccessBase, 'tables' | 'sessions' | 'clock'>, changes: Changes) {
    this.#base = base;
    this.#changes = changes;
  }

  /** The latest first. */
  async codes(): Promise<OpenCode[]> {
    const { tables, clock } = this.#base;
    const rows = await tables
      .kysely<Tables>()
      .selectFrom('setup_codes')
      .select(['user_id', 'created_at', 'expires_at'])
      .where('expires_at', '>', String(clock.now()))
      .orderBy('created_at', 'desc')
      .limit(mostCodes)
      .execute();
    return rows.map(({ user_id, created_at, expires_at }) => ({
      userId: user_id,
      createdAt: Number(created_at),
      expiresAt: Number(expires_at),
    }));
  }

  /** @throws {HubError} `NOT_FOUND`, also where it was used or ran out */
  async endCode(caller: Caller, userId: string, call?: Call): Promise<void> {
    const work = async (kysely: Kysely<Tables>): Promise<void> => {
      const { numDeletedRows } = await kysely
        .deleteFrom('setup_codes')
        .where('user_id', '=', userId)
        .where('expires_at', '>', String(this.#base.clock.now()))
        .executeTakeFirst();
      if (numDeletedRows === 0n) throw new HubError('NOT_FOUND', 'this user has no code that is open');
      await noteAudit(kysely, { action: 'setup.revoke', actor: caller, subjectId: userId });
    };
    await this.#on(caller, userId, work, call);
  }

  async sessions(caller: Caller, userId: string, call?: Call): Promise<Session[]> {
    await this.#on(caller, userId, undefined, call);
    const own = userId === caller.userId && caller.by.kind === 'session' ? caller.by : undefined;
    return this.#base.sessions.list(userId, own, call);
  }

  /** @throws {HubError} `NOT_FOUND` */
  async endSession(caller: Caller, userId: string, id: string, call?: Call): Promise<void> {
    await this.#on(caller, userId, undefined, call);
    await this.#base.sessions.revoke(userId, id, call);
    await this.#on(caller, userId, (kysely) => noteEnd(kysely, caller, userId, id), call);
    this.#changes.tellRights(userId);
  }

  /** All of them, however they are kept. */
  async endSessions(caller: Caller, userId: string, call?: Call): Promise<void> {
    const work = async (kysely: Kysely<Tables>): Promise<void> => {
      await endSessions(kysely, userId);
      await noteEnd(kysely, caller, userId, 'all');
    };
    await this.#on(caller, userId, work, call);
    this.#changes.tellRights(userId);
    // They are over already; this takes them out of the list.
    await this.#base.sessions.revokeAll(userId, undefined, call);
  }

  /** Does something to a user whom the caller may act on. */
  async #on(
    caller: Caller,
    userId: string,
    work: ((kysely: Kysely<Tables>) => Promise<void>) | undefined,
    call?: Call,
  ): Promise<void> {
    await this.#changes.run(async ({ kysely, hold }) => {
      const { role } = await hold(userId);
      if (userId !== caller.userId) requireOutranks(caller, role, `a user with the role ${role}`);
      await work?.(kysely);
    }, call);
  }
}

/** Their connections look at their rights anew. */
async function noteEnd(kysely: Kysely<Tables>, caller: Caller, userId: string, which: string): Promise<void> {
  await kysely
    .updateTable('users')
    .set({ rev: oneMore('rev') })
    .where('id', '=', userId)
    .execute();
  const details = { which };
  await noteAudit(kysely, { action: 'session.revoke', actor: caller, subjectId: userId, details });
}
