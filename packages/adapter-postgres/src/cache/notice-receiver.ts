import {
  anySignal,
  exponentialBackoff,
  isParleyError,
  StoreUnavailable,
  withDeadline,
} from '@parley/cache-core/kernel';
import type { Backoff, Clock, Timer } from '@parley/cache-core/kernel';
import type { Notice } from '@parley/cache-core';
import { backgroundFailures } from '../background.ts';
import type { Listening, Result, Statement, TextRow } from '../database.ts';
import { storeError } from '../errors.ts';
import { count, flag, text } from '../rows.ts';
import type { Tables } from '../tables.ts';
import { NoticeStream } from './notice-stream.ts';
import type { Position } from './notice-stream.ts';

export interface ReceiverOptions {
  readonly topic: string;
  readonly channel: string;
  readonly heartbeatMs: number;
  readonly detectionMs: number;
  readonly random: () => number;
  readonly backoff?: Backoff;
  readonly onNotice: (notice: Notice) => void;
  readonly onState: (state: 'live' | 'suspect') => void;
}

const stillListening: Statement = {
  text: 'select $1 in (select pg_listening_channels())',
  operation: 'asking whether it listens',
};

/**
 * Listens, and knows at every moment whether it can have missed something.
 *
 * In every beat the pool is asked how far the topic has come, and the listening connection whether it still listens; what the pool knew of
 * must have been heard by then. So it does not matter how a connection fails: cut, silent, hung, on a server that was replaced, or swapped
 * by a pooler. Where no beat succeeds for a while, nothing is known, and that is said in time.
 */
export class NoticeReceiver {
  readonly #tables: Tables;
  readonly #options: ReceiverOptions;
  readonly #position: Statement;
  readonly #topic: Statement;
  readonly #closing = new AbortController();
  readonly #running: Promise<void>;
  #live = false;
  #watchdog: Timer | undefined;
  #vouchedUntil = -Infinity;

  constructor(tables: Tables, options: ReceiverOptions) {
    this.#tables = tables;
    this.#options = options;
    this.#position = tables.statement('notice_position');
    this.#topic = tables.statement('notice_topic');
    this.#running = this.#run();
  }

  get live(): boolean {
    return this.#live;
  }

  /** Until this moment (monotonic) it vouches for having missed nothing; `-Infinity` while it is suspect. */
  get vouchedUntil(): number {
    return this.#vouchedUntil;
  }

  async close(): Promise<void> {
    this.#closing.abort();
    await this.#running;
  }

  async #run(): Promise<void> {
    const { backoff = exponentialBackoff({ baseMs: 100, maxMs: 5_000, minMs: 20 }) } = this.#options;
    const { signal } = this.#closing;
    let failures = 0;
    while (!signal.aborted) {
      const error: unknown = await this.#listen(() => (failures = 0)).catch((reason: unknown) => reason);
      this.#turn('suspect');
      if (signal.aborted || isParleyError(error, 'CLOSED')) return;
      backgroundFailures.emit({ work: 'listen', error });
      failures += 1;
      await this.#clock.sleep(backoff(failures), { signal, unref: true }).catch(() => {});
    }
  }

  get #clock(): Clock {
    return this.#tables.db.clock;
  }

  /** Ends only by rejecting, with the reason. */
  async #listen(onLive: () => void): Promise<never> {
    const ended = new AbortController();
    const end = (reason: unknown): void => ended.abort(storeError(reason, 'listening'));
    const missed = (why: string): void => end(new StoreUnavailable(`Postgres: the listener ${why}`));
    const stream = new NoticeStream(this.#options.onNotice, missed);
    const { signal, dispose } = anySignal([this.#closing.signal, ended.signal]);
    await this.#tables.prepare();
    const handlers = { notification: (payload: string): void => stream.hear(payload), gone: end };
    const listening = await this.#tables.db.listen(this.#options.channel, handlers, { signal });
    try {
      await this.#tables.query(this.#topic, [this.#options.topic], { signal });
      // Asked after it began to listen: what comes later is heard, and what came before is forgotten by everybody.
      const asked = this.#clock.monotonic();
      const { rows } = await listening.query(this.#position, [this.#options.topic], { signal });
      stream.begin(toPosition(rows));
      this.#verified(asked);
      onLive();
      return await this.#beat(listening, stream, signal);
    } finally {
      dispose();
      await listening.close();
    }
  }

  async #beat(listening: Listening, stream: NoticeStream, signal: AbortSignal): Promise<never> {
    const { heartbeatMs, random } = this.#options;
    for (;;) {
      await this.#clock.sleep(heartbeatMs * (0.75 + random() / 2), { signal, unref: true });
      const asked = this.#clock.monotonic();
      const position = await this.#askPool(signal);
      await this.#ping(listening, signal);
      if (position === undefined) continue;
      // What was sent just now may be on its way.
      if (!stream.reached(position)) await this.#clock.sleep(heartbeatMs / 4, { signal, unref: true });
      if (!stream.reached(position)) throw new StoreUnavailable('Postgres: the listener has missed a notice');
      this.#verified(asked);
    }
  }

  /** Undefined when the pool is out of order, which need not be so of the listener: then the watchdog decides. */
  async #askPool(signal: AbortSignal): Promise<Position | undefined> {
    const ask = (signal: AbortSignal): Promise<readonly TextRow[]> =>
      this.#tables.query(this.#position, [this.#options.topic], { signal });
    try {
      return toPosition(await withDeadline(this.#options.heartbeatMs, ask, { signal, clock: this.#clock }));
    } catch (error) {
      if (signal.aborted || isParleyError(error, 'CLOSED')) throw error;
      return undefined;
    }
  }

  async #ping(listening: Listening, signal: AbortSignal): Promise<void> {
    const ask = (signal: AbortSignal): Promise<Result> =>
      listening.query(stillListening, [this.#options.channel], { signal });
    const { rows } = await withDeadline(this.#options.heartbeatMs, ask, { signal, clock: this.#clock });
    if (!rows.some((row) => flag(row, 0)))
      throw new StoreUnavailable('Postgres: the listener does not listen any more');
  }

  /** Nothing that was sent before this moment was missed. */
  #verified(asked: number): void {
    this.#watchdog?.cancel();
    this.#vouchedUntil = asked + this.#options.detectionMs;
    const left = this.#vouchedUntil - this.#clock.monotonic();
    this.#watchdog = this.#clock.timer(left, () => this.#turn('suspect'), { unref: true });
    this.#turn('live');
  }

  #turn(state: 'live' | 'suspect'): void {
    if (state === 'suspect') {
      this.#watchdog?.cancel();
      this.#vouchedUntil = -Infinity;
    }
    if (this.#live === (state === 'live')) return;
    this.#live = state === 'live';
    this.#options.onState(state);
  }
}

/** Without a row the table was emptied since, which is another life. */
function toPosition([row]: readonly TextRow[]): Position {
  return row === undefined ? { life: '', position: 0 } : { life: text(row, 0), position: count(row, 1) };
}
