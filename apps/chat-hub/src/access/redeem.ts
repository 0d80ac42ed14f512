import { HubError, scopesOfRole, type Token, type User } from '@parley/hub-protocol';
import { noteAudit } from '../audit/note.ts';
import { newId } from '../database/ids.ts';
import { oneMore } from '../database/one-more.ts';
import type { Tables } from '../database/tables.ts';
import type { AccessBase, Call } from './base.ts';
import type { Change, Changes, UserRow } from './changes.ts';
import { endSessions } from './credentials.ts';
import { hashPassword } from './password.ts';
import { hashOf, newToken, normalizeSetupCode } from './secrets.ts';
import { tokenOf } from './tokens.ts';

export interface Redemption {
  readonly code: string;
  readonly password?: string | undefined;
  readonly handle?: string | undefined;
  readonly displayName?: string | undefined;
}

export type Redeemed =
  | { readonly kind: 'person'; readonly user: User; readonly era: number }
  | { readonly kind: 'agent'; readonly user: User; readonly token: Token; readonly secret: string };

/** What is to become of a user who comes in, before the code is spent. */
interface Entry {
  readonly password: string | undefined;
  readonly redemption: Redemption;
  readonly now: number;
}

/** Comes in with a set-up code. Of two who bring the same one, the row of the code lets one through. */
export async function redeem(
  { tables, clock, feed, sessions }: Pick<AccessBase, 'tables' | 'clock' | 'feed' | 'sessions'>,
  changes: Changes,
  { address, ...redemption }: Redemption & { readonly address: string },
  call?: Call,
): Promise<Redeemed> {
  const hash = hashOf(normalizeSetupCode(redemption.code));
  const now = clock.now();
  // Looked at first, so that guessing costs no hashing.
  const there = await tables
    .kysely<Tables>()
    .selectFrom('setup_codes')
    .innerJoin('users', 'users.id', 'setup_codes.user_id')
    .select('users.kind')
    .where('hash', '=', hash)
    .where('expires_at', '>', String(now))
    .executeTakeFirst();
  if (there === undefined) throw wrong();
  const password = passwordFor(there.kind, redemption);
  const entry: Entry = { redemption, now, password: password && (await hashPassword(password)) };

  const redeemed = await changes.run(async (change) => {
    const spent = await change.kysely
      .deleteFrom('setup_codes')
      .where('hash', '=', hash)
      .where('expires_at', '>', String(now))
      .returning('user_id')
      .executeTakeFirst();
    if (spent === undefined) throw wrong();
    const user = await change.hold(spent.user_id);
    if (user.deactivated_at !== null) throw wrong();
    await change.kysely.deleteFrom('setup_codes').where('user_id', '=', user.id).execute();
    const letThrough = user.kind === 'person' ? letIn : equip;
    const done = await letThrough(change, changes, user, entry);
    await noteAudit(change.kysely, {
      action: 'setup.redeem',
      actor: { userId: user.id, by: null },
      subjectId: user.id,
      address,
      ...(done.kind === 'agent' && { details: { tokenId: done.token.id } }),
    });
    return done;
  }, call);
  // They are over already; this takes them out of the list.
  if (redeemed.kind === 'person') await sessions.revokeAll(redeemed.user.id);
  changes.tellProfile(redeemed.user, redeemed.user.id);
  feed.accessChanged(redeemed.user.id);
  return redeemed;
}

async function letIn(change: Change, changes: Changes, user: UserRow, entry: Entry): Promise<Redeemed> {
  const { redemption, password } = entry;
  if (redemption.handle !== undefined) await checkNaming(change, user);
  const era = await endSessions(change.kysely, user.id);
  await change.kysely
    .updateTable('users')
    .set({
      password: password ?? null,
      handle: redemption.handle ?? user.handle,
      // Who chooses a handle and says no name is called by it.
      display_name: redemption.displayName ?? redemption.handle ?? user.display_name,
      rev: oneMore('rev'),
    })
    .where('id', '=', user.id)
    .execute();
  return { kind: 'person', user: await changes.view(user.id, change.session), era };
}

async function equip(change: Change, changes: Changes, user: UserRow, entry: Entry): Promise<Redeemed> {
  const { redemption, now } = entry;
  if (redemption.handle !== undefined) throw refuseHandle();
  if (redemption.displayName !== undefined) {
    await change.kysely
      .updateTable('users')
      .set({ display_name: redemption.displayName })
      .where('id', '=', user.id)
      .execute();
  }
  const secret = newToken();
  const row = await change.kysely
    .insertInto('tokens')
    .values({
      id: newId(now),
      user_id: user.id,
      name: 'set-up',
      hash: hashOf(secret),
      scopes: [...scopesOfRole[user.role]],
      created_at: now,
    })
    .returningAll()
    .executeTakeFirstOrThrow();
  return { kind: 'agent', user: await changes.view(user.id, change.session), token: tokenOf(row), secret };
}

/** A handle is given by administrators; there is none yet when the first owner comes in. */
async function checkNaming({ kysely }: Change, user: UserRow): Promise<void> {
  const owner = await kysely
    .selectFrom('users')
    .select('id')
    .where('role', '=', 'owner')
    .where('password', 'is not', null)
    .limit(1)
    .executeTakeFirst();
  if (user.role !== 'owner' || owner !== undefined) throw refuseHandle();
}

function passwordFor(kind: UserRow['kind'], { password }: Redemption): string | undefined {
  const field = { field: 'password' };
  if (kind === 'person' && password === undefined)
    throw new HubError('INVALID', 'password must be chosen by a person', field);
  if (kind === 'agent' && password !== undefined)
    throw new HubError('INVALID', 'password must be left away: an agent gets a token', field);
  return password;
}

function refuseHandle(): HubError {
  return new HubError('INVALID', 'handle must be left away: only the first owner chooses it here', {
    field: 'handle',
  });
}

function wrong(): HubError {
  return new HubError('WRONG_CREDENTIALS', 'no code that is valid');
}
