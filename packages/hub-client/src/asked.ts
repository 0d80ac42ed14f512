/** What the hub tells of only while somebody wants it: each asked for once, however many want it. */
export class Asked {
  readonly #counts = new Map<string, number>();
  readonly #ask: (key: string, wanted: boolean) => void;

  constructor(ask: (key: string, wanted: boolean) => void) {
    this.#ask = ask;
  }

  has(key: string): boolean {
    return this.#counts.has(key);
  }

  /** Asks again: a new connection tells of nothing. */
  again(needed: (key: string) => boolean = () => true): void {
    for (const key of this.#counts.keys()) if (needed(key)) this.#ask(key, true);
  }

  want(key: string): () => void {
    const count = this.#counts.get(key) ?? 0;
    this.#counts.set(key, count + 1);
    if (count === 0) this.#ask(key, true);
    let open = true;
    return () => {
      if (!open) return;
      open = false;
      const left = (this.#counts.get(key) ?? 1) - 1;
      if (left > 0) this.#counts.set(key, left);
      else if (this.#counts.delete(key)) this.#ask(key, false);
    };
  }
}
