import { HubError, type User } from '@parley/hub-protocol';
import { readText, type ApplicationTables, type Queries } from '@parley/runtime';
import type { Call } from './base.ts';

export interface UserQuery {
  readonly limit: number;
  /** The last handle of the page before. */
  readonly after?: string | undefined;
  readonly kind?: User['kind'] | undefined;
  readonly handle?: string | undefined;
  readonly query?: string | undefined;
  readonly capability?: string | undefined;
  /** Those who were deactivated, instead of the others. @default false */
  readonly deactivated?: boolean | undefined;
}

/** Users as everybody is shown them. */
export class Directory {
  readonly #tables: ApplicationTables;

  constructor(tables: ApplicationTables) {
    this.#tables = tables;
  }

  async list(query: UserQuery, call?: Call): Promise<User[]> {
    const { after = '', deactivated = false, kind = null, handle = null, capability = null } = query;
    const { rows } = await this.#tables.db.query(
      this.#tables.statement('user_list'),
      [after, deactivated, kind, handle, query.query ?? null, capability, query.limit],
      call,
    );
    return rows.map((row) => readUser(readText(row, 0)));
  }

  /** @throws {HubError} `NOT_FOUND` */
  async read(userId: string, options: Call & { readonly within?: Queries } = {}): Promise<User> {
    const { within = this.#tables.db, signal } = options;
    const { rows } = await within.query(this.#tables.statement('user_view'), [userId], { signal });
    const [row] = rows;
    if (row === undefined) throw new HubError('NOT_FOUND', 'nobody has this id');
    return readUser(readText(row, 0));
  }
}

/** What `hub.user_view` wrote. */
function readUser(json: string): User {
  const user: User = JSON.parse(json);
  return user;
}
