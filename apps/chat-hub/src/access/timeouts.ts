import { HubError, type User } from '@parley/hub-protocol';
import { noteAudit } from '../audit/note.ts';
import type { AccessBase, Call } from './base.ts';
import type { Caller } from './caller.ts';
import type { Changes } from './changes.ts';
import { requireOutranks } from './rules.ts';

export interface Timeout {
  readonly seconds: number;
  readonly reason?: string | undefined;
}

/**
 * Lets users do nothing but read, for a time. That the caller has the scope for it is made sure of before. Who is in a time-out is known by the
 * database alone, and by its clock: every node takes them for observers from the same moment on, and until the same one.
 */
export class Timeouts {
  readonly #base: Pick<AccessBase, 'tables' | 'feed'>;
  readonly #changes: Changes;

  constructor(base: Pick<AccessBase, 'tables' | 'feed'>, changes: Changes) {
    this.#base = base;
    this.#changes = changes;
  }

  begin(caller: Caller, userId: string, { seconds, reason }: Timeout, call?: Call): Promise<User> {
    return this.#set(caller, userId, { seconds, reason }, call);
  }

  end(caller: Caller, userId: string, call?: Call): Promise<User> {
    return this.#set(caller, userId, undefined, call);
  }

  /** Takes note of those that are over by themselves, so that connections that go on have their rights again. */
  async sweep(): Promise<void> {
    const { tables, feed } = this.#base;
    const { rows } = await tables.db.query(tables.statement('timeouts_over'), []);
    for (const [userId] of rows) if (userId != null) feed.accessChanged(userId);
  }

  async #set(caller: Caller, userId: string, timeout: Timeout | undefined, call?: Call): Promise<User> {
    if (userId === caller.userId) throw new HubError('FORBIDDEN', 'a time-out is for others to give and end');
    const { tables } = this.#base;
    const user = await this.#changes.run(async (change) => {
      const before = await change.hold(userId);
      requireOutranks(caller, before.role, `a user with the role ${before.role}`);
      const params = [userId, timeout?.seconds ?? null];
      await change.session.query(tables.statement('user_timeout'), params);
      await noteAudit(change.kysely, {
        action: timeout === undefined ? 'user.timeout.end' : 'user.timeout',
        actor: caller,
        subjectId: userId,
        ...(timeout !== undefined && { details: { ...timeout } }),
      });
      return this.#changes.view(userId, change.session);
    }, call);
    this.#changes.tellRights(userId);
    this.#changes.tellProfile(user, caller.userId);
    // What was being added while the time-out was committed is there when it is answered, and nothing comes after.
    if (timeout !== undefined) await tables.db.query(tables.statement('user_channels_held'), [userId], call);
    return user;
  }
}
