import type { Message } from '@parley/hub-protocol';
import type { ThreadState } from '../state.ts';
import { placeOf } from './place.ts';
import type { Rows } from './rows.ts';

type Messages = readonly Message[];

/**
 * How messages are shown: in lists that stay the same objects until something in them changes. Only what stands between the first and the last
 * change is looked at, since somebody may have read back through tens of thousands.
 */
export class Arrangement {
  readonly #complete = new Set<string>();
  readonly #threadsChanged = new Set<string>();
  /** The numbers between which something may have changed. */
  #from = -Infinity;
  #to = Infinity;
  #floor = 0;
  timeline: Messages = [];
  pins: Messages = [];
  threads: ReadonlyMap<string, ThreadState> = new Map();

  changed({ seq, threadId }: Pick<Message, 'seq' | 'threadId'>): void {
    this.#widen(seq);
    if (threadId !== null) this.#threadsChanged.add(threadId);
  }

  /** @param complete all replies of the thread are here */
  threadRead(root: string, complete: boolean): void {
    this.#threadsChanged.add(root);
    if (complete) this.#complete.add(root);
  }

  /** Old messages were let go: no thread is known to be whole any more. */
  pruned(): void {
    this.#widen(-Infinity, Infinity);
    this.#complete.clear();
    for (const root of this.threads.keys()) this.#threadsChanged.add(root);
  }

  /** @param floor where the messages without gaps begin */
  of(rows: Rows, floor: number): this {
    if (floor !== this.#floor) this.#widen(floor, this.#floor);
    this.#floor = floor;
    const some = rows.between(this.#from, this.#to);
    this.timeline = this.#with(this.timeline, some, (one) => one.threadId === null && one.seq >= floor);
    const pins = this.#with(this.pins.toSorted(bySeq), some, ({ pinnedAt }) => pinnedAt !== null);
    this.pins = shared(this.pins, pins.toSorted(latestPin));
    if (this.#threadsChanged.size > 0) this.threads = this.#regrouped(some);
    this.#threadsChanged.clear();
    [this.#from, this.#to] = [Infinity, -Infinity];
    return this;
  }

  #widen(...seqs: readonly number[]): void {
    this.#from = Math.min(this.#from, ...seqs);
    this.#to = Math.max(this.#to, ...seqs);
  }

  /** The list with those in the place of what may have changed that belong into it. */
  #with(list: Messages, some: Messages, belongs: (message: Message) => boolean): Messages {
    const first = placeOf(list, this.#from);
    const end = placeOf(list, this.#to + 1);
    const now = some.filter(belongs);
    const before = list.slice(first, end);
    return shared(before, now) === before ? list : list.slice(0, first).concat(now, list.slice(end));
  }

  #regrouped(some: Messages): ReadonlyMap<string, ThreadState> {
    const threads = new Map(this.threads);
    for (const root of this.#threadsChanged) {
      const before = threads.get(root)?.messages ?? [];
      const messages = this.#with(before, some, ({ threadId }) => threadId === root);
      const complete = this.#complete.has(root);
      if (messages.length === 0 && !complete) threads.delete(root);
      else threads.set(root, { messages, complete });
    }
    return threads;
  }
}

const bySeq = (a: Message, b: Message): number => a.seq - b.seq;
const latestPin = (a: Message, b: Message): number => (b.pinnedAt ?? 0) - (a.pinnedAt ?? 0);

/** The list of before, when the new one has the same in it. */
function shared<T>(before: readonly T[], now: readonly T[]): readonly T[] {
  return before.length === now.length && now.every((item, at) => item === before[at]) ? before : now;
}
