import type { Clock } from '@parley/cache-core/kernel';
import { HubError, isHubError } from '@parley/hub-protocol';
import type { Logs } from '../chat/chat.ts';
import type { UserNews } from '../live/topics.ts';
import type { Ear, Wire } from '../live/wire.ts';
import type { Connection } from './connection.ts';
import type { Identity } from './services.ts';

export interface UsersOptions {
  readonly wire: Wire;
  readonly logs: Pick<Logs, 'joined'>;
  readonly identity: Pick<Identity, 'recheck'>;
  readonly clock: Clock;
  readonly perUser: number;
  readonly onError: (error: unknown) => void;
}

interface User {
  readonly userId: string;
  readonly connections: Set<Connection>;
  readonly ear: Ear;
  /** Up to which `rev` of the user's row the rights are known. */
  rev: number;
  lookedAt: number;
  looking: boolean;
  again: boolean;
}

/** Who is connected to this node, with how many connections, and with what rights. */
export class Users {
  readonly #options: UsersOptions;
  readonly #users = new Map<string, User>();

  constructor(options: UsersOptions) {
    this.#options = options;
  }

  get size(): number {
    return this.#users.size;
  }

  /** @throws {HubError} `RATE_LIMITED` when the user has too many connections already */
  add(connection: Connection): void {
    const { caller } = connection;
    if (caller === undefined) return;
    const known = this.#users.get(caller.userId);
    if (known === undefined) {
      this.#users.set(caller.userId, this.#begin(connection, caller.userId, caller.rev));
      return;
    }
    if (known.connections.size >= this.#options.perUser) {
      throw new HubError('RATE_LIMITED', `a user has at most ${this.#options.perUser} connections`);
    }
    known.connections.add(connection);
    // Whichever of them knows less.
    known.rev = Math.min(known.rev, caller.rev);
  }

  remove(connection: Connection): void {
    const user = this.#users.get(connection.caller?.userId ?? '');
    if (user?.connections.delete(connection) !== true || user.connections.size > 0) return;
    this.#users.delete(user.userId);
    user.ear.close();
  }

  revs(): ReadonlyMap<string, number> {
    return new Map(Array.from(this.#users.values(), ({ userId, rev }) => [userId, rev]));
  }

  of(userId: string): Iterable<Connection> {
    return this.#users.get(userId)?.connections ?? [];
  }

  moment(userId: string, line: string): void {
    for (const { outlet } of this.of(userId)) outlet.whisper(line);
  }

  joined(userId: string, channelId: string, after: number): void {
    for (const { participation } of this.of(userId)) {
      participation?.following.joined(channelId, after).catch((error: unknown) => {
        this.#options.onError(error);
        this.#doubt(userId);
      });
    }
  }

  /** Looks at the rights and memberships of a user anew. What fails is tried again with the next reason to. */
  look(userId: string): void {
    const user = this.#users.get(userId);
    if (user === undefined) return;
    if (user.looking) user.again = true;
    else void this.#look(user);
  }

  /** As `look`, and until it has succeeded. */
  lookAgain(userId: string): void {
    this.#doubt(userId);
    this.look(userId);
  }

  /** Those who were not looked at for so long. */
  lookAtOld(ageMs: number): void {
    const due = this.#options.clock.monotonic() - ageMs;
    for (const user of this.#users.values()) if (user.lookedAt < due) this.look(user.userId);
  }

  /** Whoever compares what is known with what is finds a difference. */
  #doubt(userId: string): void {
    const user = this.#users.get(userId);
    if (user !== undefined) user.rev = 0;
  }

  #begin(connection: Connection, userId: string, rev: number): User {
    const { wire, clock } = this.#options;
    return {
      userId,
      connections: new Set([connection]),
      ear: wire.hearUser(userId, (news) => this.#hear(userId, news)),
      rev,
      lookedAt: clock.monotonic(),
      looking: false,
      again: false,
    };
  }

  #hear(userId: string, news: UserNews): void {
    if ('moment' in news) this.moment(userId, news.moment);
    else if ('joined' in news) this.joined(userId, news.joined, news.after);
    else this.look(userId);
  }

  async #look(user: User): Promise<void> {
    user.looking = true;
    user.lookedAt = this.#options.clock.monotonic();
    try {
      do {
        user.again = false;
        const connections = [...user.connections];
        const revs = await Promise.all(connections.map((connection) => this.#recheck(connection)));
        const open = connections.filter(({ isOpen }) => isOpen);
        if (open.length === 0) break;
        const joined = await this.#options.logs.joined(user.userId);
        await Promise.all(open.map(async ({ participation }) => participation?.review(joined)));
        const least = Math.min(...revs.filter((rev) => rev !== undefined));
        // Who came meanwhile may know less.
        const news = [...user.connections].filter((connection) => !connections.includes(connection));
        user.rev = Math.min(least, ...news.map(({ caller }) => caller?.rev ?? least));
      } while (user.again);
    } catch (error) {
      this.#options.onError(error);
    } finally {
      user.looking = false;
    }
  }

  /** Answers the `rev` that the caller is known by now. */
  async #recheck(connection: Connection): Promise<number | undefined> {
    const { caller } = connection;
    if (caller === undefined || !connection.isOpen) return undefined;
    const now = await this.#options.identity.recheck(caller).catch((error: unknown) => {
      if (isHubError(error, 'FORBIDDEN')) return 'deactivated' as const;
      throw error;
    });
    if (now === undefined) this.#revoke(connection, 'unauthenticated');
    else if (now === 'deactivated') this.#revoke(connection, 'forbidden');
    else {
      connection.caller = now;
      return now.rev;
    }
    return undefined;
  }

  #revoke(connection: Connection, reason: 'unauthenticated' | 'forbidden'): void {
    connection.close(reason, { type: 'goodbye', reason: 'revoked', reconnectAfter: 0 });
  }
}
