import { createLru, isParleyError, Overloaded, systemClock, type Clock } from '@parley/cache-core/kernel';
import { Commits, type CommitsOptions } from './commits.ts';
import type { NewMessage, Placed } from './new-message.ts';
import { nameOf, type Portion, type Reply } from './portion.ts';
import { Queues } from './queues.ts';
import type { Turns } from './turns.ts';

export interface AppenderOptions extends CommitsOptions {
  /** Shared with whoever changes channels on this node. */
  readonly turns: Turns;
  /** How many commits of several channels are under way at once; what comes meanwhile gathers for the next. @default 1 */
  readonly atOnce?: number | undefined;
  /** What was added, in order and without what was there already; told after the commit and before who sent it is answered. Never rejects. */
  readonly onAdded: (channelId: string, added: readonly Added[]) => Promise<void>;
  /** How much time is between two such commits at least. @default none */
  readonly everyMs?: number | undefined;
  readonly clock?: Clock | undefined;
  /** How many messages may wait on this node. @default 10,000 */
  readonly maxWaiting?: number | undefined;
}

interface Added {
  readonly message: NewMessage;
  readonly placed: Placed;
}

/** So often a channel that another node held goes alone, and waits for its turn: it is likely to be held again. */
const timesAlone = 16;

/**
 * Adds messages to the logs of their channels. Those that come while a commit of their channel is under way would only wait for the lock of
 * its row, and go together with the next. So do those of other channels, when commits enough are under way: what a commit costs is hardly
 * more for many.
 */
export class Appender {
  readonly #options: AppenderOptions;
  readonly #commits: Commits;
  readonly #clock: Clock;
  readonly #maxWaiting: number;
  readonly #queues: Queues;
  readonly #contended = createLru<string, number>({ maxEntries: 1_000 });
  #waiting = 0;
  #underWay = 0;
  #scheduled = false;
  #leftAt = -Infinity;
  #isResting = false;

  constructor(options: AppenderOptions) {
    this.#options = options;
    this.#commits = new Commits(options);
    this.#clock = options.clock ?? systemClock;
    this.#maxWaiting = options.maxWaiting ?? 10_000;
    const { turns } = options;
    this.#queues = new Queues(turns);
    turns.attend({ wants: (id) => this.#queues.has(id), onFree: () => this.#schedule() });
  }

  /** @param rev of the channel, when the message was allowed */
  async append(message: NewMessage, rev: number): Promise<Reply> {
    if (this.#waiting >= this.#maxWaiting) {
      throw new Overloaded('The log', { evidence: { waiting: this.#waiting, limit: this.#maxWaiting } });
    }
    this.#waiting += 1;
    try {
      const { promise, resolve, reject } = Promise.withResolvers<Reply>();
      this.#queues.add({ message, rev, resolve, reject });
      this.#schedule();
      return await promise;
    } finally {
      this.#waiting -= 1;
    }
  }

  /** What comes in the same turn of the event loop comes along. */
  #schedule(): void {
    if (this.#scheduled) return;
    this.#scheduled = true;
    setImmediate(() => {
      this.#scheduled = false;
      this.#begin();
    });
  }

  #begin(): void {
    for (const portion of this.#queues.takeAlone((id) => this.#isContended(id))) void this.#alone(portion);
    const { atOnce = 1 } = this.#options;
    while (this.#underWay < atOnce && !this.#rests()) {
      const portions = this.#queues.takeTogether();
      if (portions.length === 0) break;
      this.#leftAt = this.#clock.monotonic();
      void this.#together(portions);
    }
  }

  /** What a commit costs is hardly more for many. With little to do nobody waits for it. */
  #rests(): boolean {
    const { everyMs = 0 } = this.#options;
    const restMs = this.#leftAt + everyMs - this.#clock.monotonic();
    if (restMs <= 0) return false;
    if (this.#isResting) return true;
    this.#isResting = true;
    this.#clock.timer(restMs, () => {
      this.#isResting = false;
      this.#schedule();
    });
    return true;
  }

  #isContended(channelId: string): boolean {
    const left = this.#contended.get(channelId) ?? 0;
    if (left > 1) this.#contended.set(channelId, left - 1);
    else if (left === 1) this.#contended.delete(channelId);
    return left > 0;
  }

  async #together(portions: readonly Portion[]): Promise<void> {
    this.#underWay += 1;
    const outcomes = await this.#commits.together(portions).catch((error: unknown) => ({ error }));
    this.#underWay -= 1;
    this.#schedule();
    for (const [i, portion] of portions.entries()) {
      const outcome = 'error' in outcomes ? outcomes : outcomes[i];
      if (outcome === 'busy') {
        this.#contended.set(portion.channelId, timesAlone);
        void this.#alone(portion);
      } else if (outcome === undefined || !('error' in outcome)) void this.#settle(portion, outcome);
      // Nothing of it was committed. Whichever channel it was, the others have nothing to do with it.
      else if (portions.length > 1 && isRolledBack(outcome.error)) void this.#alone(portion);
      else this.#fail(portion, outcome.error);
    }
  }

  async #alone(portion: Portion): Promise<void> {
    try {
      await this.#settle(portion, await this.#commits.alone(portion));
    } catch (error) {
      this.#fail(portion, error);
    }
  }

  async #settle(
    { channelId, rev, messages, waiting }: Portion,
    replies: ReadonlyMap<string, Reply> = new Map(),
  ) {
    const added = messages.flatMap((message): Added[] => {
      const placed = replies.get(nameOf(message));
      return placed === undefined || placed === 'timed-out' || placed.again ? [] : [{ message, placed }];
    });
    if (added.length > 0) await this.#options.onAdded(channelId, added);
    this.#release(channelId);
    for (const { message, rev: allowed, resolve } of waiting)
      resolve(allowed === rev ? replies.get(nameOf(message)) : undefined);
  }

  #fail({ channelId, waiting }: Portion, error: unknown): void {
    this.#release(channelId);
    for (const { reject } of waiting) reject(error);
  }

  #release(channelId: string): void {
    this.#options.turns.release(channelId);
    this.#schedule();
  }
}

/** The database has answered that it does not do this: nobody has to wonder whether it was done. */
function isRolledBack(error: unknown): boolean {
  if (!isParleyError(error)) return false;
  // A deadlock, which passes, is one as well.
  return error.code === 'STORE_FAULT' || String(error.evidence['code']).startsWith('40');
}
