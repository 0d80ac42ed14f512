import { scopesOfRole } from '@parley/hub-protocol';
import type { ApplicationTables } from '@parley/runtime';
import type { Caller } from '../access/caller.ts';
import { newId } from '../database/ids.ts';
import type { Tables } from '../database/tables.ts';

/** Who owns the workspace, or is going to: the demo is made in their name, so that all of it is theirs when they come. */
export async function founderOf(tables: ApplicationTables): Promise<Caller> {
  const { id, handle, rev } = await tables
    .kysely<Tables>()
    .selectFrom('users')
    .select(['id', 'handle', 'rev'])
    .where('role', '=', 'owner')
    .where('kind', '=', 'person')
    .where('deactivated_at', 'is', null)
    .orderBy('created_at')
    .limit(1)
    .executeTakeFirstOrThrow();
  const scopes = scopesOfRole.owner;
  const by = { kind: 'token', id: newId() } as const;
  return { userId: id, handle, kind: 'person', role: 'owner', scopes, by, rev: Number(rev) };
}
