import type { Entry } from './log-reader.ts';

const maxEntries = 512;
const maxCharacters = 512 * 1_024;

/**
 * The last entries of a log, without a hole: to be told again without asking the database, to those who come back all at once after a node
 * was lost.
 */
export class RecentEntries {
  #entries: Entry[] = [];
  #characters = 0;

  get size(): number {
    return this.#entries.length;
  }

  /** What lies right before them, as far as there is room. */
  prepend(entries: readonly Entry[]): void {
    let from = entries.length;
    let characters = this.#characters;
    while (from > 0 && this.#entries.length + entries.length - from < maxEntries) {
      characters += entries[from - 1]?.line.length ?? 0;
      if (characters > maxCharacters) break;
      this.#characters = characters;
      from -= 1;
    }
    this.#entries = [...entries.slice(from), ...this.#entries];
  }

  /** The last so many, or as many as there are. */
  tail(count: number): readonly Entry[] {
    return this.#entries.slice(-count);
  }

  clear(): void {
    this.#entries = [];
    this.#characters = 0;
  }

  push(entries: readonly Entry[]): void {
    this.#entries.push(...entries);
    for (const { line } of entries) this.#characters += line.length;
    let drop = 0;
    while (this.#entries.length - drop > maxEntries || this.#characters > maxCharacters) {
      this.#characters -= this.#entries[drop]?.line.length ?? 0;
      drop += 1;
    }
    if (drop > 0) this.#entries = this.#entries.slice(drop);
  }

  /** The first `limit` of the last `count`; undefined where they are not all here. */
  last(count: number, limit: number): readonly Entry[] | undefined {
    const from = this.#entries.length - count;
    return from < 0 ? undefined : this.#entries.slice(from, from + limit);
  }
}
