/** Work of one socket: in order within a lane, and no lane waits for another. Nothing of it may reject. */
export class Lanes {
  readonly #tails = new Map<string, Promise<void>>();
  #waiting = 0;
  #idle: PromiseWithResolvers<void> | undefined;

  /** How much is waiting or at work. */
  get waiting(): number {
    return this.#waiting;
  }

  run(lane: string, work: () => Promise<void>): void {
    this.#waiting += 1;
    const before = this.#tails.get(lane);
    const tail = (before === undefined ? work() : before.then(work)).finally(() => {
      this.#waiting -= 1;
      if (this.#tails.get(lane) === tail) this.#tails.delete(lane);
      if (this.#waiting === 0) this.#idle?.resolve();
    });
    this.#tails.set(lane, tail);
  }

  /** Resolves when nothing waits or is at work. */
  async idle(): Promise<void> {
    if (this.#waiting === 0) return;
    this.#idle ??= Promise.withResolvers();
    await this.#idle.promise;
  }
}
