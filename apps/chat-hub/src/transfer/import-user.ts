import { limits } from '@parley/hub-protocol';
import type { Insertable, Kysely } from 'kysely';
import type { Caller } from '../access/caller.ts';
import type { ChatCore } from '../chat/core.ts';
import type { Tables } from '../database/tables.ts';
import { idOf, imported } from './ids-of.ts';
import { mostNames, numbered } from './numbered.ts';
import type { ImportedUser } from './records.ts';

/**
 * Somebody of the same handle is taken to be the same, but never a program to be a person: what it said would be what they said. Whoever is new can
 * sign in only once an administrator has made a set-up code, and never has more rights than a member, whatever they had there. Answers whether
 * anybody is new.
 */
export async function importUser(
  { tables, clock }: ChatCore,
  caller: Caller,
  source: string,
  user: ImportedUser,
): Promise<boolean> {
  return tables.db.transaction(async (session) => {
    const db = tables.kysely<Tables>(session);
    if ((await imported(db, source, 'user', [user.id])).size > 0) return false;
    const row = {
      id: idOf(source, 'user', user.id),
      kind: user.kind,
      display_name: user.displayName,
      bio: user.bio,
      role: 'member',
      owner_id: user.kind === 'agent' && caller.kind === 'person' ? caller.userId : null,
      model: user.kind === 'agent' ? (user.model ?? null) : null,
      created_at: user.createdAt ?? clock.now(),
      deactivated_at: user.deactivatedAt ?? null,
    } as const;
    for (let nth = 1; nth <= mostNames; nth += 1) {
      const found = await addOrFind(db, { ...row, handle: numbered(user.handle, nth, limits.handle) });
      if (found.kind !== user.kind) continue;
      await db
        .insertInto('imported')
        .values({ source, kind: 'user', foreign_id: user.id, id: found.id })
        .onConflict((conflict) => conflict.doNothing())
        .execute();
      return found.isNew;
    }
    throw new Error(`there are ${mostNames} users called like ${user.handle} already`);
  });
}

async function addOrFind(
  db: Kysely<Tables>,
  row: Insertable<Tables['users']>,
): Promise<{ readonly id: string; readonly kind: 'person' | 'agent'; readonly isNew: boolean }> {
  const added = await db
    .insertInto('users')
    .values(row)
    .onConflict((conflict) => conflict.column('handle').doNothing())
    .returning(['id', 'kind'])
    .executeTakeFirst();
  if (added !== undefined) return { ...added, isNew: true };
  const there = await db
    .selectFrom('users')
    .select(['id', 'kind'])
    .where('handle', '=', row.handle)
    .executeTakeFirstOrThrow();
  return { ...there, isNew: false };
}
