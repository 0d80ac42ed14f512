import { abortable, Closed, createInstanceId, safeCall, withDeadline } from '@parley/cache-core/kernel';
import type { Timer } from '@parley/cache-core/kernel';
import type { LockCall, LockEar, LockListener } from '@parley/cache-core/lock';
import type { Listening } from '../database.ts';
import { storeError } from '../errors.ts';
import type { LockTables } from './lock-tables.ts';

export interface PostgresLockEarOptions {
  /** How often it is asked whether the connection still listens; the answer has as long. */
  readonly probeEveryMs: number;
  readonly listener: LockListener;
}

/** One more connection, begun when somebody has to wait: it listens to a channel of its own, on which turns of all keys are told. */
export class PostgresLockEar implements LockEar {
  readonly id: string;
  readonly #tables: LockTables;
  readonly #options: PostgresLockEarOptions;
  #joining: Promise<void> | undefined;
  #listening: Listening | undefined;
  #probe: Timer | undefined;
  #closed = false;

  constructor(tables: LockTables, options: PostgresLockEarOptions) {
    this.id = createInstanceId({ clock: tables.db.clock });
    this.#tables = tables;
    this.#options = options;
  }

  hears(): boolean {
    return this.#listening !== undefined;
  }

  async join(_key: string, { signal }: LockCall = {}): Promise<void> {
    if (this.#listening !== undefined) return;
    this.#joining ??= this.#listen().finally(() => {
      this.#joining = undefined;
    });
    await abortable(this.#joining, signal);
  }

  async close(): Promise<void> {
    this.#closed = true;
    await this.#joining?.catch(() => undefined);
    await this.#end();
  }

  async #listen(): Promise<void> {
    const { db } = this.#tables;
    const channel = `parley_lock_${this.id}`;
    if (this.#closed) throw new Closed('the ear for turns');
    try {
      await this.#tables.prepare();
      let gone = false;
      const listening = await db.listen(channel, {
        notification: (payload) => this.#hear(payload),
        gone: (reason) => {
          gone = true;
          this.#lose(reason);
        },
      });
      if (this.#closed || gone) await listening.close();
      else {
        this.#listening = listening;
        this.#schedule(listening);
      }
    } catch (error) {
      throw storeError(error, 'listening for turns');
    }
  }

  #schedule(listening: Listening): void {
    const { clock } = this.#tables.db;
    const ask = (): void => void this.#ask(listening);
    this.#probe = clock.timer(this.#options.probeEveryMs, ask, { unref: true });
  }

  /** A connection that is dead without a word is found by its silence. */
  async #ask(listening: Listening): Promise<void> {
    const { clock } = this.#tables.db;
    const question = { text: 'select 1', operation: 'asking whether it listens' };
    const options = { clock, what: 'the answer of the listener' };
    try {
      await withDeadline(
        this.#options.probeEveryMs,
        (signal) => listening.query(question, [], { signal }),
        options,
      );
      if (this.#listening === listening) this.#schedule(listening);
    } catch (error) {
      if (this.#listening === listening) this.#lose(error);
    }
  }

  #hear(payload: string): void {
    const end = payload.indexOf(' ');
    if (end > 0 && !this.#closed)
      safeCall('lock turn', this.#options.listener.turn, payload.slice(end + 1), payload.slice(0, end));
  }

  #lose(reason: unknown): void {
    this.#end().catch(() => undefined);
    if (!this.#closed)
      safeCall('lock ear', this.#options.listener.lost, storeError(reason, 'listening for turns').message);
  }

  async #end(): Promise<void> {
    this.#probe?.cancel();
    const listening = this.#listening;
    this.#listening = undefined;
    await listening?.close();
  }
}
