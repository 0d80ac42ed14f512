import { Closed } from '@parley/cache-core/kernel';

/** What the application makes for itself, as often as it likes, and need not close. */
export class Made<Kind> {
  readonly #closeOne: (one: Kind) => Promise<void>;
  readonly #all = new Set<Kind>();
  #closed = false;

  constructor(closeOne: (one: Kind) => Promise<void>) {
    this.#closeOne = closeOne;
  }

  /** Whether there ever was one. */
  get used(): boolean {
    return this.#all.size > 0;
  }

  /** Refuses where all of it is closed already. */
  add<One extends Kind>(create: () => One): One {
    if (this.#closed) throw new Closed('Parley');
    const one = create();
    this.#all.add(one);
    return one;
  }

  async close(): Promise<void> {
    this.#closed = true;
    await Promise.all([...this.#all].map((one) => this.#closeOne(one)));
  }
}
