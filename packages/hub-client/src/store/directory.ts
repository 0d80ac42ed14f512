import type { Clock } from '@parley/cache-core/kernel';
import type { User } from '@parley/hub-protocol';
import type { Loader } from './loader.ts';

/** Changes are told to those who are connected: who was not for a while reads all users anew. */
const staleMs = 300_000;

/** Who is there. */
export class Directory {
  all: ReadonlyMap<string, User> = new Map();
  readonly #clock: Clock;
  readonly #loader: Loader;
  readonly #changed: () => void;
  #readAt: number | undefined;
  #learned = new Map<string, User>();

  constructor(clock: Clock, loader: Loader, changed: () => void) {
    this.#clock = clock;
    this.#loader = loader;
    this.#changed = changed;
  }

  async refresh(): Promise<void> {
    const now = this.#clock.monotonic();
    if (this.#readAt !== undefined && now - this.#readAt < staleMs) return;
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
