import type { Logger, Timer } from '@parley/cache-core/kernel';
import { readText } from '@parley/runtime';
import type { ChatCore } from './core.ts';
import { cutMessage } from './cutting.ts';
import { readSilent, type Patience, type Silent } from './silence.ts';

export interface StreamWatchOptions {
  /** After so long without a word of its author, a message that is being streamed is ended. @default 30,000 */
  readonly silentMs?: number | undefined;
  /** So much longer when it has said nothing yet, and given no sign of life. @default 300,000 */
  readonly blankMs?: number | undefined;
  /** So much longer when nothing is noted of it, because it began at a node of a build that notes nothing. @default 3,600,000 */
  readonly unnotedMs?: number | undefined;
  /** How often it is looked. @default 5,000, or a sixth of `silentMs` where that is less */
  readonly everyMs?: number | undefined;
}

/** Of those in channels that are deleted. */
const orphansAtOnce = 100;

/**
 * Notes what is heard of messages that are being streamed, and ends those of which nothing is heard any more: the program of the author, or the
 * node that it spoke to, is gone. Every node does this for all of them.
 */
export class StreamWatch {
  readonly #core: ChatCore;
  readonly #logger: Logger;
  readonly #patience: Patience;
  readonly #everyMs: number;
  /** Since when this node has reached the database each time, by the monotonic clock. */
  #wholeSince: number | undefined;
  #reachedAt = -Infinity;
  #timer: Timer | undefined;
  #closed = false;

  constructor(
    core: ChatCore,
    logger: Logger,
    {
      silentMs = 30_000,
      blankMs = 300_000,
      unnotedMs = 3_600_000,
      everyMs = Math.min(5_000, silentMs / 6),
    }: StreamWatchOptions = {},
  ) {
    this.#core = core;
    this.#logger = logger;
    this.#patience = { silentMs, blankMs, unnotedMs };
    this.#everyMs = everyMs;
  }

  start(): void {
    if (this.#closed) return;
    this.#timer = this.#core.clock.timer(this.#everyMs, () => void this.#again(), { unref: true });
  }

  /** Notes what was heard last: another node ends it if nobody goes on. Never rejects. */
  async close(): Promise<void> {
    this.#closed = true;
    this.#timer?.cancel();
    await this.note().catch((error: unknown) => this.#warn(error));
  }

  /** What was heard since the last time, for the database. */
  async note(): Promise<void> {
    const { tables, streams } = this.#core;
    for (let heard = streams.takeFresh(); heard.length > 0; heard = streams.takeFresh()) {
      try {
        const { rows } = await tables.db.query(tables.statement('stream_note'), [JSON.stringify(heard)]);
        const open = new Set(rows.map((row) => readText(row, 0)));
        // Ended by another node.
        for (const { id } of heard) if (!open.has(id)) streams.forget(id);
      } catch (error) {
        streams.keepFresh(heard.map(({ id }) => id));
        throw error;
      }
    }
  }

  /** Ends what nobody goes on with. */
  async sweep(): Promise<void> {
    for (const one of await this.silent()) await this.cut(one);
    const { tables } = this.#core;
    await tables.db.query(tables.statement('streams_orphaned'), [orphansAtOnce]);
    await this.#tidy();
  }

  /** Some of those that nobody goes on with. */
  silent(): Promise<Silent[]> {
    return readSilent(this.#core.tables, this.#patience);
  }

  /** Ends one of them, unless somebody goes on with it after all. */
  cut(silent: Silent): Promise<void> {
    return cutMessage(this.#core, silent, this.#patience);
  }

  /** Notes, and ends what is silent. Never rejects. */
  async beat(): Promise<void> {
    try {
      await this.note();
      await this.#tidy();
      if (this.#isWhole()) await this.sweep();
      this.#reachedAt = this.#core.clock.monotonic();
    } catch (error) {
      this.#wholeSince = undefined;
      this.#warn(error);
    }
  }

  async #again(): Promise<void> {
    await this.beat();
    this.start();
  }

  /**
   * Whether nobody has to be taken for silent because they could not be heard: after an outage all nodes have as long as authors have to note what
   * they heard in it. A call that hung, or a process that slept, was an outage as well.
   */
  #isWhole(): boolean {
    const now = this.#core.clock.monotonic();
    const { silentMs } = this.#patience;
    if (now - this.#reachedAt > this.#everyMs + silentMs / 2) this.#wholeSince = undefined;
    this.#wholeSince ??= now;
    return now - this.#wholeSince >= silentMs;
  }

  async #tidy(): Promise<void> {
    const { tables } = this.#core;
    await tables.db.query(tables.statement('stream_forget'), []);
  }

  #warn(error: unknown): void {
    this.#logger.warn({ error }, 'Messages that are being streamed could not be looked after');
  }
}
