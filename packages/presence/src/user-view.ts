import type { Followed } from './followers.ts';
import { decodeProfile, memberOf, textOf, type UserPresence } from './member.ts';
import type { StatusBook } from './status-book.ts';
import type { KeptStatus } from './status.ts';
import type { StoredMember } from './view.ts';

/** How others see a user, from what the store says of their connections and what they have chosen. */
export function presenceOf(
  user: string,
  stored: Pick<StoredMember, 'rank' | 'value'> | undefined,
  at: number,
  status: KeptStatus,
): UserPresence {
  const member = memberOf(stored, user, status);
  if (member !== undefined) return member;
  // Of one who hides, when they were here is nobody's business.
  const seen = stored === undefined && status.availability !== 'invisible' && at > 0;
  return {
    user,
    status: 'offline',
    ...decodeProfile(''),
    ...textOf(status),
    ...(seen && { lastSeen: at }),
  };
}

/** Users that somebody watches, whichever channels they are in. */
export class UserView {
  readonly #users: ReadonlyMap<string, Followed>;
  readonly #book: StatusBook;
  readonly #told = new Map<string, string>();
  readonly #ends: (() => void)[] = [];
  #closed = false;

  constructor(
    users: ReadonlyMap<string, Followed>,
    book: StatusBook,
    tell: (presence: UserPresence, stale: boolean) => void,
  ) {
    this.#users = users;
    this.#book = book;
    const look = (user: string): void => {
      const follower = users.get(user)?.follower;
      if (follower?.known !== true || !book.known || this.#closed) return;
      const presence = this.#of(user);
      // Without what they have chosen it is not known how they are to be seen.
      const stale = follower.stale || book.stale;
      const text = JSON.stringify([presence, stale]);
      if (this.#told.get(user) === text) return;
      this.#told.set(user, text);
      tell(presence, stale);
    };
    for (const [user, { follower }] of users) {
      const again = (): void => look(user);
      this.#ends.push(follower.listen({ changed: again, replaced: again, stale: again }));
      void Promise.all([follower.ready, book.ready()]).then(again);
    }
    this.#ends.push(
      book.listen({
        changed: look,
        stale: () => {
          for (const user of users.keys()) look(user);
        },
      }),
    );
  }

  get ready(): Promise<unknown> {
    const followers = Array.from(this.#users.values(), ({ follower }) => follower.ready);
    return Promise.all([...followers, this.#book.ready()]);
  }

  get current(): ReadonlyMap<string, UserPresence> {
    return new Map(Array.from(this.#users.keys(), (user) => [user, this.#of(user)]));
  }

  close(): void {
    this.#closed = true;
    for (const end of this.#ends) end();
    for (const { release } of this.#users.values()) release();
  }

  #of(user: string): UserPresence {
    const follower = this.#users.get(user)?.follower;
    return presenceOf(user, follower?.members.get(user), follower?.at ?? 0, this.#book.of(user));
  }
}
