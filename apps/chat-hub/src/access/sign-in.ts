import { HubError } from '@parley/hub-protocol';
import { noteAudit } from '../audit/note.ts';
import { oneMore } from '../database/one-more.ts';
import type { Tables } from '../database/tables.ts';
import type { AccessBase, Call } from './base.ts';
import type { Caller } from './caller.ts';
import { endSessions } from './credentials.ts';
import { checkPassword, hashPassword } from './password.ts';

export interface Known {
  readonly userId: string;
  readonly era: number;
}

/** Who has this handle and this password. That somebody does not exist, is deactivated or is an agent is told like a wrong password. */
export async function checkSignIn(
  { tables, limits }: Pick<AccessBase, 'tables' | 'limits'>,
  given: { readonly handle: string; readonly password: string; readonly address: string },
): Promise<Known> {
  const handle = given.handle.trim().toLowerCase();
  await limits.password(handle, given.address);
  const user = await tables
    .kysely<Tables>()
    .selectFrom('users')
    .select(['id', 'password', 'sessions_era'])
    .where('handle', '=', handle)
    .where('kind', '=', 'person')
    .where('deactivated_at', 'is', null)
    .executeTakeFirst();
  const right = await checkPassword(given.password, user?.password ?? undefined);
  if (!right || user === undefined) {
    // Not what was typed as a handle: it may be a password.
    const { address } = given;
    const refused = { action: 'session.refuse', actor: null, subjectId: user?.id, address } as const;
    await noteAudit(tables.kysely<Tables>(), refused);
    throw new HubError('WRONG_CREDENTIALS', 'handle or password are wrong');
  }
  await limits.rightPassword(handle, given.address);
  return { userId: user.id, era: Number(user.sessions_era) };
}

/** Sets another password and ends all sessions. Answers the era of those that begin now. */
export async function changePassword(
  { tables, limits }: Pick<AccessBase, 'tables' | 'limits'>,
  given: {
    readonly caller: Caller;
    readonly current: string;
    readonly next: string;
    readonly address: string;
  },
  call?: Call,
): Promise<number> {
  const { caller, current, next, address } = given;
  const { userId, handle } = caller;
  await limits.password(handle, address);
  const user = await tables
    .kysely<Tables>()
    .selectFrom('users')
    .select('password')
    .where('id', '=', userId)
    .executeTakeFirst();
  const before = user?.password ?? undefined;
  const wrong = new HubError('WRONG_CREDENTIALS', 'the current password is wrong', { field: 'current' });
  if (!(await checkPassword(current, before)) || before === undefined) {
    const refused = { action: 'password.refuse', actor: caller, subjectId: userId, address } as const;
    await noteAudit(tables.kysely<Tables>(), refused);
    throw wrong;
  }
  await limits.rightPassword(handle, address);
  const hash = await hashPassword(next);
  return tables.db.transaction(async (session) => {
    const kysely = tables.kysely<Tables>(session);
    const { numUpdatedRows } = await kysely
      .updateTable('users')
      .set({ password: hash, rev: oneMore('rev') })
      .where('id', '=', userId)
      // Somebody may have changed it since it was looked at.
      .where('password', '=', before)
      .where('deactivated_at', 'is', null)
      .executeTakeFirst();
    if (numUpdatedRows !== 1n) throw wrong;
    await noteAudit(kysely, { action: 'password.change', actor: caller, subjectId: userId, address });
    return endSessions(kysely, userId);
  }, call);
}
