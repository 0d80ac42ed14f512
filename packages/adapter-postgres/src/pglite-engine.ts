import type { PGlite, protocol as PgliteProtocol } from '@electric-sql/pglite';
import { Closed, isParleyError, StoreFault, StoreUnavailable, systemClock } from '@parley/cache-core/kernel';
import type {
  CallOptions,
  ListenHandlers,
  Listening,
  Param,
  Queries,
  Result,
  Session,
  Statement,
} from './database.ts';
import { storeError } from './errors.ts';
import { operationOf } from './operation.ts';
import { PgliteWire } from './pglite-wire.ts';
import { Sequence } from './sequence.ts';
import { sessionSetup } from './session-setup.ts';
import { Turns } from './turns.ts';

const name = 'the embedded Postgres';

/** What ended is opened again at most so often: each time costs memory that does not come back at once. */
const pauseMs = 2_000;

/** A database from its opening until it gives up, as it does when it cannot write its log: the disk is full. */
interface Life {
  readonly pg: PGlite;
  readonly wire: PgliteWire;
}

/**
 * The one session of an embedded database, shared out in turns. It speaks the protocol itself: so statements are prepared once, and
 * travel in one message instead of six.
 */
export class PgliteEngine implements Queries {
  readonly #protocol: typeof PgliteProtocol;
  readonly #reopen: (() => Promise<PGlite>) | undefined;
  #life: Life;
  #pauseUntil = -Infinity;
  readonly #turns = new Turns();
  readonly #listeners = new Map<ListenHandlers, string>();
  #abandoned: StoreFault | undefined;
  #closed: Promise<void> | undefined;

  /** @param reopen the same data once more; undefined: nothing is left of it */
  constructor(pg: PGlite, protocol: typeof PgliteProtocol, reopen?: () => Promise<PGlite>) {
    this.#protocol = protocol;
    this.#reopen = reopen;
    this.#life = this.#begin(pg);
  }

  async query(
    statement: Statement,
    params: readonly Param[] = [],
    options: CallOptions = {},
  ): Promise<Result> {
    const session = await this.acquire(options);
    const running = session.query(statement, params, options);
    running.finally(() => session.release()).catch(() => {});
    return running;
  }

  async acquire({ signal }: CallOptions = {}): Promise<Session> {
    if (this.#closed !== undefined) throw new Closed(name);
    const end = await this.#turns.take(signal);
    const life = await this.#living().catch((error: unknown) => {
      end();
      throw error;
    });
    const sequence = new Sequence();
    const run = <T>(operation: string, work: () => Promise<T>, signal?: AbortSignal): Promise<T> =>
      sequence.run(async () => {
        try {
          return await work();
        } catch (error) {
          if (life.wire.ended !== undefined) this.#dismiss(life.wire.ended);
          throw storeError(error, operation);
        }
      }, signal);
    return {
      query: (statement, params = [], options = {}) =>
        run(operationOf(statement), () => life.wire.run(statement, params), options.signal),
      script: (text, options = {}) =>
        run(options.operation ?? 'a script', () => life.wire.script(text), options.signal),
      release: () =>
        void sequence
          .idle()
          .then(() => rollBack(life))
          .finally(end),
    };
  }

  async listen(channel: string, handlers: ListenHandlers, options: CallOptions = {}): Promise<Listening> {
    const quoted = `"${channel.replaceAll('"', '""')}"`;
    await this.query({ text: `listen ${quoted}`, operation: 'listening' }, [], options);
    this.#listeners.set(handlers, channel);
    return {
      query: (statement, params, options) => this.query(statement, params, options),
      close: async () => {
        this.#listeners.delete(handlers);
        if (this.#closed !== undefined || [...this.#listeners.values()].includes(channel)) return;
        await this.query({ text: `unlisten ${quoted}`, operation: 'ending to listen' });
      },
    };
  }

  /** Nothing is written from now on: somebody else has taken the folder. */
  abandon(reason: string): void {
    this.#abandoned ??= new StoreFault(`${name} is abandoned: ${reason}`);
    this.#dismiss(this.#abandoned);
  }

  close(): Promise<void> {
    this.#closed ??= this.#shutDown();
    return this.#closed;
  }

  async #shutDown(): Promise<void> {
    this.#dismiss(new Closed(name));
    // After everybody who asked before.
    const end = await this.#turns.take();
    try {
      const { pg, wire } = this.#life;
      // Closing writes a checkpoint, which would meet the files of whoever has the folder now.
      if (this.#abandoned === undefined && wire.ended === undefined) await pg.close();
    } finally {
      end();
    }
  }

  #dismiss(reason: Error): void {
    const listeners = [...this.#listeners.keys()];
    this.#listeners.clear();
    for (const handlers of listeners) handlers.gone(reason);
  }

  #begin(pg: PGlite): Life {
    pg.onNotification((channel, payload) => {
      for (const [handlers, wanted] of this.#listeners)
        if (wanted === channel) handlers.notification(payload);
    });
    return { pg, wire: new PgliteWire(pg, this.#protocol) };
  }

  /** For whoever has the turn. What was committed is in the folder, as after the death of the process. */
  async #living(): Promise<Life> {
    if (this.#abandoned !== undefined) throw this.#abandoned;
    const { ended } = this.#life.wire;
    if (ended === undefined) return this.#life;
    const now = systemClock.monotonic();
    if (this.#reopen === undefined || now < this.#pauseUntil) throw ended;
    try {
      const life = this.#begin(await this.#reopen());
      await life.wire.run(sessionSetup, []);
      this.#life = life;
      return life;
    } catch (error) {
      this.#pauseUntil = systemClock.monotonic() + pauseMs;
      if (isParleyError(error, 'STORE_UNAVAILABLE')) throw error;
      throw new StoreUnavailable(`${name} has ended, and cannot be opened again yet`, { cause: error });
    }
  }
}

async function rollBack({ pg, wire }: Life): Promise<void> {
  if (wire.ended === undefined && pg.ready && pg.isInTransaction())
    await wire.script('rollback').catch(() => {});
}
