import { effectiveScopes, HubError, roles } from '@parley/hub-protocol';
import { readCount, readText, type TextRow } from '@parley/runtime';
import type { Kysely } from 'kysely';
import type { Caller } from '../access/caller.ts';
import { managesTokensOf, subjectOf } from '../access/rules.ts';
import type { Tables } from '../database/tables.ts';

/** In whose name a program of somebody else acts, with the rights that this user has now. The id is that of what lets it in. */
export function actingCaller(row: TextRow, id: string): Caller {
  const role = roles.find((known) => known === row[3]) ?? 'observer';
  return {
    userId: readText(row, 0),
    handle: readText(row, 1),
    kind: row[2] === 'person' ? 'person' : 'agent',
    role,
    scopes: effectiveScopes(role, ['write']),
    by: { kind: 'token', id },
    rev: readCount(row, 4),
  };
}

/** A program that acts for somebody is none of the people whom a frozen channel is left to. */
export function asProgram(caller: Caller): Caller {
  return { ...caller, kind: 'agent' };
}

/**
 * @param what acts in the name of this user, for the message
 * @throws {HubError} when it is neither the caller nor somebody who is theirs
 */
export async function requireTheirs(
  kysely: Kysely<Tables>,
  caller: Caller,
  userId: string,
  what: string,
): Promise<void> {
  const user = await kysely
    .selectFrom('users')
    .select(['id', 'role', 'owner_id', 'deactivated_at'])
    .where('id', '=', userId)
    .forShare()
    .executeTakeFirst();
  if (user === undefined || user.deactivated_at !== null)
    throw new HubError('NOT_FOUND', 'userId must be an active user', { field: 'userId' });
  if (!managesTokensOf(caller, subjectOf(user)))
    throw new HubError('FORBIDDEN', `${what} in the name of who makes it, or of who is theirs`, {
      field: 'userId',
    });
}
