import type { ApplicationTables } from '@parley/runtime';
import type { Kysely } from 'kysely';
import { newId } from '../database/ids.ts';
import type { Tables } from '../database/tables.ts';
import type { AccessBase } from './base.ts';
import { addSetupCode, type SetupCode } from './setup-codes.ts';

/** What the first owner is called until they choose another name. */
const founder = { handle: 'founder', displayName: 'Founder' };

/**
 * Makes sure that there is a workspace and, as long as nobody can sign in as its owner, a code by which somebody can become it. Each start makes
 * another code and leaves those of other nodes valid; all of them end when one is used.
 */
export async function firstStart({
  tables,
  clock,
}: Pick<AccessBase, 'tables' | 'clock'>): Promise<SetupCode | undefined> {
  const now = clock.now();
  return tables.db.transaction(async (session) => {
    const kysely = tables.kysely<Tables>(session);
    await kysely
      .insertInto('workspace')
      .values({ created_at: now })
      .onConflict((conflict) => conflict.doNothing())
      .execute();
    // Of several nodes that start for the first time, one makes the owner.
    await kysely.selectFrom('workspace').select('one').forUpdate().executeTakeFirstOrThrow();
    const owners = await ownersIn(kysely);
    if (owners.some(canSignIn)) return undefined;
    const ownerId = owners[0]?.id ?? (await addFounder(kysely, now));
    await kysely
      .deleteFrom('setup_codes')
      .where('user_id', '=', ownerId)
      .where('expires_at', '<=', String(now))
      .execute();
    return addSetupCode(kysely, ownerId, now, null);
  });
}

/** Whether somebody can sign in as owner. */
export async function hasOwner(tables: ApplicationTables): Promise<boolean> {
  return (await ownersIn(tables.kysely<Tables>())).some(canSignIn);
}

interface Owner {
  readonly id: string;
  readonly password: string | null;
}

function ownersIn(kysely: Kysely<Tables>): Promise<Owner[]> {
  return kysely
    .selectFrom('users')
    .select(['id', 'password'])
    .where('role', '=', 'owner')
    .where('kind', '=', 'person')
    .where('deactivated_at', 'is', null)
    .orderBy('created_at')
    .execute();
}

const canSignIn = ({ password }: Owner): boolean => password !== null;

async function addFounder(kysely: Kysely<Tables>, now: number): Promise<string> {
  const id = newId(now);
  await kysely
    .insertInto('users')
    .values({
      id,
      kind: 'person',
      handle: await freeHandle(kysely),
      display_name: founder.displayName,
      role: 'owner',
      created_at: now,
    })
    .execute();
  return id;
}

/** Somebody may be called so by now, if the owners were lost on the way. */
async function freeHandle(kysely: Kysely<Tables>): Promise<string> {
  const taken = await kysely
    .selectFrom('users')
    .select('id')
    .where('handle', '=', founder.handle)
    .executeTakeFirst();
  return taken === undefined ? founder.handle : `${founder.handle}-${newId().slice(-6)}`;
}
