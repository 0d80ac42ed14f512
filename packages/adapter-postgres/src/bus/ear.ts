import { isParleyError, StoreUnavailable, withDeadline } from '@parley/cache-core/kernel';
import type { Clock, Timer } from '@parley/cache-core/kernel';
import type { Listening, Statement } from '../database.ts';
import { storeError } from '../errors.ts';
import { flag } from '../rows.ts';
import type { BusTables } from './bus-tables.ts';

export interface EarOptions {
  readonly heartbeatMs: number;
  readonly detectionMs: number;
  readonly random: () => number;
  readonly onNotice: (payload: string) => void;
  /**
   * Called once, when it cannot vouch any more for hearing everything. Not after `close`.
   *
   * @param silent nothing told of it but that no answer came
   */
  readonly onLost: (reason: string, silent: boolean) => void;
  /** Looks after what notices may have missed, over the pool; answers the history of the server it reached. */
  readonly look: (signal: AbortSignal) => Promise<string | undefined>;
}

/**
 * One connection that listens, from when it does until it is in doubt. In every beat it must answer that it still listens, on the server that
 * the pool is connected to: so it does not matter whether it was cut, hangs, was swapped by a pooler, or was left behind on a server that
 * another one has replaced. It is not repaired: whoever needs another one begins it.
 */
export class Ear {
  readonly #tables: BusTables;
  readonly #options: EarOptions;
  readonly #ping: Statement;
  readonly #ended = new AbortController();
  #listening: Listening | undefined;
  #history: string | undefined;
  #watchdog: Timer | undefined;

  constructor(tables: BusTables, options: EarOptions) {
    this.#tables = tables;
    this.#options = options;
    this.#ping = tables.statement('bus_ping');
  }

  /** Resolves when it hears everything. */
  async start(): Promise<void> {
    const { signal } = this.#ended;
    await this.#tables.prepare();
    const handlers = {
      notification: (payload: string): void => {
        if (!signal.aborted) this.#options.onNotice(payload);
      },
      gone: (reason: unknown): void => this.#lose(reason),
    };
    try {
      this.#listening = await this.#tables.db.listen(this.#tables.noticeChannel, handlers, { signal });
      await this.#tables.begin();
      this.#history = await this.#ask(this.#listening);
    } catch (error) {
      const cause = signal.aborted ? signal.reason : error;
      await this.close();
      throw storeError(cause, 'listening');
    }
    this.#verified(this.#clock.monotonic());
    void this.#beat();
  }

  async close(): Promise<void> {
    this.#watchdog?.cancel();
    this.#ended.abort(new StoreUnavailable('Postgres: it does not listen any more'));
    const listening = this.#listening;
    this.#listening = undefined;
    await listening?.close();
  }

  get #clock(): Clock {
    return this.#tables.db.clock;
  }

  async #beat(): Promise<void> {
    const { heartbeatMs, random } = this.#options;
    const { signal } = this.#ended;
    try {
      for (;;) {
        await this.#clock.sleep(heartbeatMs * (0.75 + random() / 2), { signal, unref: true });
        const listening = this.#listening;
        if (listening === undefined) return;
        const asked = this.#clock.monotonic();
        const [history, seen] = await Promise.all([this.#ask(listening), this.#look()]);
        // The pool may be out of order while the listener is not: the watchdog decides how long that is bearable.
        if (seen === undefined) continue;
        if (history !== this.#history || seen !== history)
          throw new StoreUnavailable('Postgres: another server has taken over');
        this.#verified(asked);
      }
    } catch (error) {
      this.#lose(error);
    }
  }

  async #ask(listening: Listening): Promise<string> {
    const { heartbeatMs, detectionMs } = this.#options;
    const params = [this.#tables.noticeChannel];
    const { rows } = await withDeadline(
      detectionMs - heartbeatMs,
      (signal) => listening.query(this.#ping, params, { signal }),
      { signal: this.#ended.signal, clock: this.#clock, what: 'the answer of the listener' },
    );
    const [row = []] = rows;
    if (!flag(row, 1)) throw new StoreUnavailable('Postgres: the session does not listen any more');
    return row[0] ?? '';
  }

  async #look(): Promise<string | undefined> {
    const { look, heartbeatMs, detectionMs } = this.#options;
    const options = { signal: this.#ended.signal, clock: this.#clock };
    return withDeadline(detectionMs - heartbeatMs, look, options).catch(() => undefined);
  }

  #verified(asked: number): void {
    this.#watchdog?.cancel();
    if (this.#ended.signal.aborted) return;
    const left = asked + this.#options.detectionMs - this.#clock.monotonic();
    const silence = new StoreUnavailable('Postgres: nothing is known of the listener');
    this.#watchdog = this.#clock.timer(left, () => this.#lose(silence, true), { unref: true });
  }

  #lose(reason: unknown, silent = isParleyError(reason, 'DEADLINE_EXCEEDED')): void {
    if (this.#ended.signal.aborted) return;
    const error = storeError(reason, 'listening');
    this.close().catch(() => {});
    this.#options.onLost(error.message, silent);
  }
}
