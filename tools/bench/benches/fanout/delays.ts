const perMs = 50;

/** The step, and how often it was recorded, one after the other: what travels between processes. */
export type SparseDelays = readonly number[];

/** Times in steps of 20 µs, which several processes can put together. */
export class Delays {
  readonly #counts = new Map<number, number>();
  #count = 0;

  /** What is below zero came before it was due, and counts as zero. */
  record(ms: number): void {
    this.#add(Math.max(0, Math.ceil(ms * perMs)), 1);
  }

  merge(sparse: SparseDelays): void {
    for (let i = 0; i + 1 < sparse.length; i += 2) this.#add(sparse[i] ?? 0, sparse[i + 1] ?? 0);
  }

  sparse(): SparseDelays {
    return [...this.#counts].flat();
  }

  /** Milliseconds within which `percent` of them are; 0 where there are none. */
  at(percent: number): number {
    const wanted = Math.max(1, Math.ceil((percent / 100) * this.#count));
    let seen = 0;
    for (const [step, count] of [...this.#counts].sort(([a], [b]) => a - b)) {
      seen += count;
      if (seen >= wanted) return step / perMs;
    }
    return 0;
  }

  #add(step: number, count: number): void {
    this.#counts.set(step, (this.#counts.get(step) ?? 0) + count);
    this.#count += count;
  }
}
