import { HubError, type Role, type User } from '@parley/hub-protocol';
import { sql, type UpdateObject } from 'kysely';
import { newId } from '../database/ids.ts';
import { noteAudit } from '../audit/note.ts';
import { oneMore } from '../database/one-more.ts';
import type { Tables } from '../database/tables.ts';
import type { AccessBase, Call } from './base.ts';
import type { Caller } from './caller.ts';
import { Changes, type Change, type UserRow } from './changes.ts';
import { Directory, type UserQuery } from './directory.ts';
import { endCredentials } from './credentials.ts';
import { requireOutranks } from './rules.ts';

/** What users say of themselves, and administrators of others. What is undefined stays. */
export interface Profile {
  readonly displayName?: string | undefined;
  readonly avatar?: string | null | undefined;
  readonly bio?: string | undefined;
  readonly model?: string | null | undefined;
  readonly capabilities?: string[] | undefined;
}

export interface NewUser extends Profile {
  readonly kind: User['kind'];
  readonly handle: string;
  readonly displayName: string;
  /** @default 'member' */
  readonly role?: Role | undefined;
  /** Of an agent. @default who makes it, when that is a person */
  readonly ownerId?: string | null | undefined;
}

export interface UserChanges extends Profile {
  readonly handle?: string | undefined;
  readonly role?: Role | undefined;
  readonly ownerId?: string | null | undefined;
}

/** People and agents. That the caller has the scope for it is made sure of before; who stands above whom is looked at here. */
export class Users {
  readonly #base: AccessBase;
  readonly #directory: Directory;
  readonly #changes: Changes;

  constructor(base: AccessBase) {
    this.#base = base;
    this.#directory = new Directory(base.tables);
    this.#changes = new Changes(base, this.#directory);
  }

  list(query: UserQuery, call?: Call): Promise<User[]> {
    return this.#directory.list(query, call);
  }

  read(userId: string, call?: Call): Promise<User> {
    return this.#directory.read(userId, call);
  }

  async create(caller: Caller, { role = 'member', ...user }: NewUser, call?: Call): Promise<User> {
    requireOutranks(caller, role, `the role ${role}`);
    const otherwise = user.kind === 'agent' && caller.kind === 'person' ? caller.userId : null;
    const ownerId = user.ownerId === undefined ? otherwise : user.ownerId;
    const made = await this.#changes.run(async (change) => {
      await checkOwner(change, user.kind, ownerId);
      const id = newId();
      await change.kysely
        .insertInto('users')
        .values({
          ...profileRow(user),
          id,
          kind: user.kind,
          handle: user.handle,
          display_name: user.displayName,
          role,
          owner_id: ownerId,
          created_at: this.#base.clock.now(),
        })
        .execute();
      const details = { kind: user.kind, role, ownerId };
      await noteAudit(change.kysely, { action: 'user.create', actor: caller, subjectId: id, details });
      return this.#changes.view(id, change.session);
    }, call);
    this.#changes.tellProfile(made, caller.userId);
    return made;
  }

  async update(caller: Caller, userId: string, changes: UserChanges, call?: Call): Promise<User> {
    const { rights, user } = await this.#changes.run(async (change) => {
      const before = await change.hold(userId);
      if (userId !== caller.userId)
        requireOutranks(caller, before.role, `a user with the role ${before.role}`);
      await checkRole(caller, before, changes.role, change);
      if (changes.ownerId !== undefined) await checkOwner(change, before.kind, changes.ownerId);
      const row = {
        ...profileRow(changes),
        handle: changes.handle,
        role: changes.role,
        owner_id: changes.ownerId,
      };
      const rights = row.role !== undefined || row.owner_id !== undefined || row.handle !== undefined;
      if (rights) {
        const given = { handle: changes.handle, role: changes.role, ownerId: changes.ownerId };
        const was = { handle: before.handle, role: before.role, ownerId: before.owner_id };
        const details = { was, given };
        await noteAudit(change.kysely, { action: 'user.update', actor: caller, subjectId: userId, details });
      }
      return { rights, user: await this.#write(change, userId, row, rights) };
    }, call);
    this.#changes.tellProfile(user, caller.userId);
    if (rights) this.#changes.tellRights(userId);
    return user;
  }

  async updateMe(caller: Caller, profile: Profile, call?: Call): Promise<User> {
    const user = await this.#changes.run(
      (change) => this.#write(change, caller.userId, profileRow(profile), false),
      call,
    );
    this.#changes.tellProfile(user, caller.userId);
    return user;
  }

  /** Sessions, tokens and set-up codes end with it; repeated, it does what is left to do. */
  async deactivate(caller: Caller, userId: string, call?: Call): Promise<User> {
    const user = await this.#changes.run(async (change) => {
      const before = await change.hold(userId);
      if (userId !== caller.userId)
        requireOutranks(caller, before.role, `a user with the role ${before.role}`);
      if (before.role === 'owner') await change.keepAnOwner(userId);
      const now = this.#base.clock.now();
      await endCredentials(change.kysely, userId, now);
      await noteAudit(change.kysely, { action: 'user.deactivate', actor: caller, subjectId: userId });
      return this.#write(change, userId, { deactivated_at: Number(before.deactivated_at ?? now) }, true);
    }, call);
    this.#changes.tellRights(userId);
    await this.#base.sessions.revokeAll(userId);
    this.#changes.tellProfile(user, caller.userId);
    await this.#base.channels.leaveAll(userId, call);
    return user;
  }

  /** A password is valid again; tokens and sessions are not. */
  async reactivate(caller: Caller, userId: string, call?: Call): Promise<User> {
    const user = await this.#changes.run(async (change) => {
      const before = await change.hold(userId);
      requireOutranks(caller, before.role, `a user with the role ${before.role}`);
      await noteAudit(change.kysely, { action: 'user.reactivate', actor: caller, subjectId: userId });
      return this.#write(change, userId, { deactivated_at: null }, true);
    }, call);
    this.#changes.tellRights(userId);
    this.#changes.tellProfile(user, caller.userId);
    return user;
  }

  async #write(
    { kysely, session }: Change,
    userId: string,
    row: UpdateObject<Tables, 'users'>,
    rights: boolean,
  ): Promise<User> {
    await kysely
      .updateTable('users')
      // Set to what it is where nothing changes: an update needs something to set.
      .set({ ...row, rev: rights ? oneMore('rev') : sql.ref<number>('rev') })
      .where('id', '=', userId)
      .execute();
    return this.#changes.view(userId, session);
  }
}

function profileRow(profile: Profile) {
  const { displayName, avatar, bio, model, capabilities } = profile;
  return {
    ...(displayName !== undefined && { display_name: displayName }),
    ...(avatar !== undefined && { avatar }),
    ...(bio !== undefined && { bio }),
    ...(model !== undefined && { model }),
    ...(capabilities !== undefined && { capabilities: [...new Set(capabilities)] }),
  };
}

async function checkRole(
  caller: Caller,
  before: UserRow,
  role: Role | undefined,
  change: Change,
): Promise<void> {
  if (role === undefined || role === before.role) return;
  requireOutranks(caller, before.role, `the role of a user who is ${before.role}`);
  requireOutranks(caller, role, `the role ${role}`);
  if (before.role === 'owner') await change.keepAnOwner(before.id);
}

async function checkOwner({ kysely }: Change, kind: User['kind'], ownerId: string | null): Promise<void> {
  if (ownerId === null) return;
  const refuse = (expected: string): never => {
    throw new HubError('INVALID', `ownerId must ${expected}`, { field: 'ownerId' });
  };
  if (kind === 'person') refuse('be left away: people answer for themselves');
  const owner = await kysely
    .selectFrom('users')
    .select(['kind', 'deactivated_at'])
    .where('id', '=', ownerId)
    .executeTakeFirst();
  if (owner === undefined || owner.kind !== 'person' || owner.deactivated_at !== null)
    refuse('be the id of a person who is active');
}
