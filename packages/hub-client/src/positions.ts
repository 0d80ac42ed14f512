import type { Positions, PositionStore } from './options.ts';

/** Where positions are kept, if anywhere. What fails there stops nothing here. */
export class PositionKeeper {
  readonly #store: PositionStore | undefined;
  #next: Positions | undefined;
  #saving = false;

  constructor(store: PositionStore | undefined) {
    this.#store = store;
  }

  get keeps(): boolean {
    return this.#store !== undefined;
  }

  /** Without them a client begins with what is there now: that must not keep it from beginning. */
  async load(): Promise<Positions | undefined> {
    try {
      return await this.#store?.load();
    } catch {
      return undefined;
    }
  }

  /** One at a time, so that no earlier ones come last; what was overtaken while it waited is left out. */
  async save(positions: Positions): Promise<void> {
    this.#next = positions;
    if (this.#saving) return;
    this.#saving = true;
    while (this.#next !== undefined) {
      const now = this.#next;
      this.#next = undefined;
      try {
        await this.#store?.save(now);
      } catch {
        // They are saved with the next change: an event that is heard again after a restart is the worst that follows.
      }
    }
    this.#saving = false;
  }
}
