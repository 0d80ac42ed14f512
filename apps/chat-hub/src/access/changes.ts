import { globalAddress, HubError, type User } from '@parley/hub-protocol';
import { isParleyError } from '@parley/cache-core/kernel';
import type { Session } from '@parley/runtime';
import type { Kysely, Selectable } from 'kysely';
import { oneMore } from '../database/one-more.ts';
import type { Tables, UserTable } from '../database/tables.ts';
import type { AccessBase, Call } from './base.ts';
import type { Directory } from './directory.ts';

export type UserRow = Selectable<UserTable>;

/** A transaction about users. */
export interface Change {
  readonly kysely: Kysely<Tables>;
  readonly session: Session;
  /** The row of a user, held until the end. */
  readonly hold: (userId: string) => Promise<UserRow>;
  /** Holds up all others who would take away an owner, and refuses when nobody but this one is left. */
  readonly keepAnOwner: (userId: string) => Promise<void>;
}

/** Changes users, and tells of it when it is done. */
export class Changes {
  readonly #base: AccessBase;
  readonly #directory: Directory;

  constructor(base: AccessBase, directory: Directory) {
    this.#base = base;
    this.#directory = directory;
  }

  async run<T>(work: (change: Change) => Promise<T>, call?: Call): Promise<T> {
    const { tables } = this.#base;
    const done = tables.db.transaction(async (session) => {
      const kysely = tables.kysely<Tables>(session);
      return work({
        kysely,
        session,
        hold: (userId) => hold(kysely, userId),
        keepAnOwner: (userId) => keepAnOwner(kysely, userId),
      });
    }, call);
    return done.catch((error: unknown) => {
      // The one thing that is unique here and chosen by people.
      if (isParleyError(error) && error.evidence['code'] === '23505')
        throw new HubError('NAME_TAKEN', 'somebody has this handle', { field: 'handle', cause: error });
      throw error;
    });
  }

  readonly view = (userId: string, within: Session): Promise<User> =>
    this.#directory.read(userId, { within });

  /** What a user may do, or by what, has changed without a change of the row: nodes that hear nothing of it see so by the row. */
  async touch(userId: string): Promise<void> {
    await this.#base.tables
      .kysely<Tables>()
      .updateTable('users')
      .set({ rev: oneMore('rev') })
      .where('id', '=', userId)
      .execute();
  }

  /** What others see of a user has changed. */
  tellProfile(user: User, actorId: string | null): void {
    this.#base.feed.moment({
      event: { type: 'user.update', user },
      actorId,
      channelId: null,
      to: globalAddress,
    });
  }

  tellRights(userId: string): void {
    this.#base.feed.accessChanged(userId);
  }
}

async function hold(kysely: Kysely<Tables>, userId: string): Promise<UserRow> {
  const row = await kysely
    .selectFrom('users')
    .selectAll()
    .where('id', '=', userId)
    .forUpdate()
    .executeTakeFirst();
  if (row === undefined) throw new HubError('NOT_FOUND', 'nobody has this id');
  return row;
}

async function keepAnOwner(kysely: Kysely<Tables>, userId: string): Promise<void> {
  // Two owners who take each other's role away at the same moment would each see the other one.
  await kysely.selectFrom('workspace').select('one').forUpdate().executeTakeFirst();
  const other = await kysely
    .selectFrom('users')
    .select('id')
    .where('role', '=', 'owner')
    .where('kind', '=', 'person')
    .where('password', 'is not', null)
    .where('deactivated_at', 'is', null)
    .where('id', '!=', userId)
    .limit(1)
    .executeTakeFirst();
  if (other === undefined) throw new HubError('LAST_OWNER', 'somebody must own the workspace');
}
