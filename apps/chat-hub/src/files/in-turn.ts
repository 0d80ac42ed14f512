import { HubError } from '@parley/hub-protocol';

export interface InTurnOptions {
  /** What is done, for who cannot even wait. */
  readonly what: string;
  /** How many are at it on this node. */
  readonly all: number;
  /** How many of them are one user's. */
  readonly each: number;
  /** How many of one user may wait. */
  readonly waiting: number;
}

interface Waiting {
  readonly userId: string;
  readonly begin: () => void;
}

/** Work that takes much: little of it at once, and whoever asks for a lot waits for themselves and not before everybody else. */
export class InTurn {
  readonly #options: InTurnOptions;
  readonly #running: string[] = [];
  readonly #waiting: Waiting[] = [];

  constructor(options: InTurnOptions) {
    this.#options = options;
  }

  /** @throws {HubError} `RATE_LIMITED` for who has too much of it waiting */
  async run<T>(userId: string, work: () => Promise<T>): Promise<T> {
    if (!this.#hasPlace(userId)) await this.#wait(userId);
    else this.#running.push(userId);
    try {
      return await work();
    } finally {
      this.#running.splice(this.#running.indexOf(userId), 1);
      this.#next();
    }
  }

  #wait(userId: string): Promise<void> {
    const { what, waiting } = this.#options;
    const own = this.#waiting.filter((one) => one.userId === userId).length;
    if (own >= waiting)
      throw new HubError('RATE_LIMITED', `${own} of your ${what} wait already`, { retryAfter: 1_000 });
    return new Promise((begin) => void this.#waiting.push({ userId, begin }));
  }

  #next(): void {
    const at = this.#waiting.findIndex(({ userId }) => this.#hasPlace(userId));
    const [next] = at < 0 ? [] : this.#waiting.splice(at, 1);
    if (next === undefined) return;
    this.#running.push(next.userId);
    next.begin();
  }

  #hasPlace(userId: string): boolean {
    const { all, each } = this.#options;
    return this.#running.length < all && this.#running.filter((other) => other === userId).length < each;
  }
}
