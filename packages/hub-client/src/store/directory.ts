import type { Clock } from '@parley/cache-core/kernel';
import type { User } from '@parley/hub-protocol';
import type { Loader } from './loader.ts';

/** Who is there. */
export class Directory {
  all: ReadonlyMap<string, User> = new Map();
  readonly #clock: Clock;
  readonly #loader: Loader;
  readonly #changed: () => void;
  #readAt = -Infinity;
  #learned = new Map<string, User>();

  constructor(clock: Clock, loader: Loader, changed: () => void) {
    this.#clock = clock;
    this.#loader = loader;
    this.#changed = changed;
  }

  /**
   * Changes are told to those who are connected: who was not for a while reads all users anew.
   *
   * @param staleMs 0: in any case. In another epoch they may be as they were long ago
   */
  async refresh(staleMs = 300_000): Promise<void> {
    const now = this.#clock.monotonic();
    if (now - this.#readAt < staleMs) return;
    this.#readAt = now;
    const learned = new Map<string, User>();
    this.#learned = learned;
    const users = await this.#loader.insist(() => this.#loader.users());
    if (users === undefined) return;
    // What was told meanwhile may be newer.
    this.all = new Map([...users.map((user) => [user.id, user] as const), ...learned]);
    this.#changed();
  }

  learn(user: User): void {
    this.#learned.set(user.id, user);
    this.all = new Map(this.all).set(user.id, user);
  }
}
