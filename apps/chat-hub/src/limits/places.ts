import { HubError } from '@parley/hub-protocol';

export interface PlacesOptions {
  /** What takes a place, for who gets none. */
  readonly what: string;
  /** How many there are on this node. */
  readonly all: number;
  /** How many of them one user may have. */
  readonly each: number;
}

/** Places for what takes memory, descriptors or time while it lasts: so many on a node, and few enough for one user that others get in. */
export class Places {
  readonly #options: PlacesOptions;
  readonly #byUser = new Map<string, number>();
  #taken = 0;

  constructor(options: PlacesOptions) {
    this.#options = options;
  }

  get taken(): number {
    return this.#taken;
  }

  /**
   * What is answered gives the place back, once.
   *
   * @throws {HubError} `RATE_LIMITED` for who has enough of them, `UNAVAILABLE` where there is none left
   */
  take(userId: string): () => void {
    const { what, all, each } = this.#options;
    const own = this.#byUser.get(userId) ?? 0;
    if (own >= each)
      throw new HubError('RATE_LIMITED', `you have ${own} ${what} under way`, { retryAfter: 1_000 });
    if (this.#taken >= all)
      throw new HubError('UNAVAILABLE', `too many ${what} at once`, { retryAfter: 1_000 });
    this.#taken += 1;
    this.#byUser.set(userId, own + 1);
    let isGiven = false;
    return () => {
      if (isGiven) return;
      isGiven = true;
      this.#taken -= 1;
      const left = (this.#byUser.get(userId) ?? 1) - 1;
      if (left === 0) this.#byUser.delete(userId);
      else this.#byUser.set(userId, left);
    };
  }
}
