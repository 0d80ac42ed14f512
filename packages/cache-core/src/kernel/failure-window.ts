/** Counts faults until they are too many: those in a row, or with a window those that lie within it. */
export class FailureWindow {
  readonly #limit: number;
  readonly #windowMs: number | undefined;

  /** The moments of the latest faults, never more than the limit. */
  #moments: number[] = [];

  constructor(limit: number, windowMs: number | undefined) {
    this.#limit = limit;
    this.#windowMs = windowMs;
  }

  /** Whether this fault reaches the limit. */
  failed(now: number): boolean {
    const since = this.#windowMs === undefined ? -Infinity : now - this.#windowMs;
    this.#moments = this.#moments.filter((moment) => moment >= since);
    this.#moments.push(now);
    return this.#moments.length >= this.#limit;
  }

  succeeded(): void {
    if (this.#windowMs === undefined && this.#moments.length > 0) this.clear();
  }

  clear(): void {
    this.#moments = [];
  }
}
