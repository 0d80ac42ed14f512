import type { Message } from '@parley/hub-protocol';
import type { ThreadState } from '../state.ts';
import type { Rows } from './rows.ts';

/** How messages are shown: in lists that stay the same objects until something in them changes. */
export class Arrangement {
  readonly #complete = new Set<string>();
  readonly #threadsChanged = new Set<string>();
  #changed = true;
  timeline: readonly Message[] = [];
  pins: readonly Message[] = [];
  threads: ReadonlyMap<string, ThreadState> = new Map();

  /** @param complete all replies of the thread are here */
  changed(threadId: string | null = null, complete = false): void {
    this.#changed = true;
    if (threadId !== null) this.#threadsChanged.add(threadId);
    if (threadId !== null && complete) this.#complete.add(threadId);
  }

  /** Old messages were let go: no thread is known to be whole any more. */
  pruned(): void {
    this.#changed = true;
    this.#complete.clear();
    for (const root of this.threads.keys()) this.#threadsChanged.add(root);
  }

  /** @param floor where the messages without gaps begin */
  of(rows: Rows, floor: number): this {
    if (!this.#changed) return this;
    this.#changed = false;
    const all = rows.all();
    const timeline: Message[] = [];
    const pins: Message[] = [];
    for (const message of all) {
      if (message.threadId === null && message.seq >= floor) timeline.push(message);
      if (message.pinnedAt !== null) pins.push(message);
    }
    this.timeline = shared(this.timeline, timeline);
    this.pins = shared(
      this.pins,
      pins.toSorted((a, b) => (b.pinnedAt ?? 0) - (a.pinnedAt ?? 0)),
    );
    if (this.#threadsChanged.size > 0) this.threads = this.#regrouped(all);
    this.#threadsChanged.clear();
    return this;
  }

  #regrouped(all: readonly Message[]): ReadonlyMap<string, ThreadState> {
    const threads = new Map(this.threads);
    for (const root of this.#threadsChanged) {
      const messages = all.filter(({ threadId }) => threadId === root);
      const complete = this.#complete.has(root);
      if (messages.length === 0 && !complete) threads.delete(root);
      else threads.set(root, { messages, complete });
    }
    return threads;
  }
}

/** The list of before, when the new one has the same in it. */
function shared<T>(before: readonly T[], now: readonly T[]): readonly T[] {
  return before.length === now.length && now.every((item, at) => item === before[at]) ? before : now;
}
