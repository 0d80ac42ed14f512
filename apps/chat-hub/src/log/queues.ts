import type { Turns } from './turns.ts';
import { isPlain, nameOf, portionOf, sizeOf, type Portion, type Waiting } from './portion.ts';

/** One commit takes at most so much. */
const maxSize = 64;

/** What waits for its place in a log, by channels: who has waited longest comes first. */
export class Queues {
  readonly #queues = new Map<string, Waiting[]>();
  readonly #turns: Turns;

  constructor(turns: Turns) {
    this.#turns = turns;
  }

  /** Whether something waits for its place in the channel. */
  has(channelId: string): boolean {
    return this.#queues.has(channelId);
  }

  add(waiting: Waiting): void {
    const { channelId } = waiting.message;
    const queue = this.#queues.get(channelId);
    if (queue === undefined) this.#queues.set(channelId, [waiting]);
    else queue.push(waiting);
  }

  /** For one commit each: of channels that `wants` picks, and of those whose next message brings more along than itself. */
  takeAlone(wants: (channelId: string) => boolean): Portion[] {
    const portions: Portion[] = [];
    for (const [channelId, queue] of this.#free()) {
      const [first] = queue;
      if (first === undefined || (isPlain(first.message) && !wants(channelId))) continue;
      portions.push(this.#take(channelId, queue, endOf(queue, maxSize)));
    }
    return portions;
  }

  /** For one commit of all of them. */
  takeTogether(): Portion[] {
    const portions: Portion[] = [];
    // Under one name one message is added, to whichever channel: it is there, for the other one, in the next commit.
    const names = new Map<string, string>();
    let room = maxSize;
    for (const [channelId, queue] of this.#free()) {
      const end = endOf(queue, room, ({ message }) => {
        const owner = names.get(nameOf(message)) ?? channelId;
        return isPlain(message) && owner === channelId;
      });
      // What is larger than all the room goes alone.
      const taken = queue.slice(0, end);
      const size = taken.reduce((sum, { message }) => sum + sizeOf(message), 0);
      if (end === 0 || (size > room && portions.length > 0)) continue;
      room -= size;
      for (const { message } of taken) names.set(nameOf(message), channelId);
      portions.push(this.#take(channelId, queue, end));
      if (room <= 0) break;
    }
    return portions;
  }

  /** Where something is under way, its end is waited for, as it would be in the database. */
  #free(): [channelId: string, queue: Waiting[]][] {
    return [...this.#queues].filter(([channelId]) => !this.#turns.isHeld(channelId));
  }

  #take(channelId: string, queue: readonly Waiting[], end: number): Portion {
    this.#turns.take(channelId);
    // What is left waits behind those of all others.
    this.#queues.delete(channelId);
    if (end < queue.length) this.#queues.set(channelId, queue.slice(end));
    return portionOf(channelId, queue.slice(0, end));
  }
}

/** How many of the first fit, one at least, as long as they suit. */
function endOf(
  queue: readonly Waiting[],
  room: number,
  suits: (one: Waiting) => boolean = () => true,
): number {
  let size = 0;
  const end = queue.findIndex((one, i) => {
    size += sizeOf(one.message);
    return (size > room && i > 0) || !suits(one);
  });
  return end === -1 ? queue.length : end;
}
