import { HubError, outranks } from '@parley/hub-protocol';
import type { Kysely } from 'kysely';
import { noteAudit, type Actor } from '../audit/note.ts';
import type { Tables } from '../database/tables.ts';
import type { AccessBase, Call } from './base.ts';
import type { Caller } from './caller.ts';
import { hashOf, newSetupCode } from './secrets.ts';

export interface SetupCode {
  /** Told once. */
  readonly code: string;
  readonly expiresAt: number;
}

export const setupMinutes = 10;

/** Makes the code by which a user comes in, and leaves only this one valid. */
export async function createSetupCode(
  { tables, clock }: Pick<AccessBase, 'tables' | 'clock'>,
  caller: Caller,
  userId: string,
  call?: Call,
): Promise<SetupCode> {
  return tables.db.transaction(async (session) => {
    const kysely = tables.kysely<Tables>(session);
    const user = await kysely
      .selectFrom('users')
      .select(['role', 'deactivated_at'])
      .where('id', '=', userId)
      .forUpdate()
      .executeTakeFirst();
    if (user === undefined) throw new HubError('NOT_FOUND', 'nobody has this id');
    // Who holds the code of a user can become this user.
    if (userId !== caller.userId && !outranks(caller.role, user.role))
      throw new HubError(
        'FORBIDDEN',
        `a code for a user with the role ${user.role} is for who stands above it`,
      );
    if (user.deactivated_at !== null) throw new HubError('CONFLICT', 'the user is deactivated');
    await kysely.deleteFrom('setup_codes').where('user_id', '=', userId).execute();
    return addSetupCode(kysely, userId, clock.now(), caller);
  }, call);
}

/** @param actor null: the hub itself */
export async function addSetupCode(
  kysely: Kysely<Tables>,
  userId: string,
  now: number,
  actor: Actor,
): Promise<SetupCode> {
  const code = newSetupCode();
  const expiresAt = now + setupMinutes * 60_000;
  await kysely
    .insertInto('setup_codes')
    .values({ hash: hashOf(code), user_id: userId, created_at: now, expires_at: expiresAt })
    .execute();
  await noteAudit(kysely, { action: 'setup.code', actor, subjectId: userId });
  return { code, expiresAt };
}
