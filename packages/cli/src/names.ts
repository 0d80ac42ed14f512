import type { CallRoute } from '@parley/hub-client';
import { isHubError, limits, type User, type UserKind } from '@parley/hub-protocol';
import { everything } from './resolve/everything.ts';

/** What users are called, asked for once each. Who is gone is called by the end of the id. */
export class Names {
  readonly #call: CallRoute;
  readonly #handles = new Map<string, string>();

  constructor(call: CallRoute) {
    this.#call = call;
  }

  learn({ id, handle }: Pick<User, 'id' | 'handle'>): void {
    this.#handles.set(id, handle);
  }

  /** Reads many at once, where most of them are needed. */
  async learnAll(kind?: UserKind): Promise<readonly User[]> {
    const users = await everything((cursor) =>
      this.#call('listUsers', { query: { limit: limits.page, kind, ...cursor } }),
    );
    for (const user of users) this.learn(user);
    return users;
  }

  async of(userId: string | null): Promise<string> {
    if (userId === null) return 'hub';
    const known = this.#handles.get(userId);
    if (known !== undefined) return known;
    const handle = await this.#ask(userId);
    this.#handles.set(userId, handle);
    return handle;
  }

  async #ask(userId: string): Promise<string> {
    try {
      return (await this.#call('readUser', { params: { userId } })).handle;
    } catch (error) {
      if (isHubError(error)) return `user-${userId.slice(-6)}`;
      throw error;
    }
  }
}
