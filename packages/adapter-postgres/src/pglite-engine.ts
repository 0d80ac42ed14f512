import type { PGlite, protocol as PgliteProtocol } from '@electric-sql/pglite';
import { Closed, StoreFault } from '@parley/cache-core/kernel';
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
import { Turns } from './turns.ts';

const name = 'the embedded Postgres';

/**
 * The one session of an embedded database, shared out in turns. It speaks the protocol itself: so statements are prepared once, and
 * travel in one message instead of six.
 */
export class PgliteEngine implements Queries {
  readonly #pg: PGlite;
  readonly #wire: PgliteWire;
  readonly #turns = new Turns();
  readonly #listeners = new Map<ListenHandlers, string>();
  #abandoned: StoreFault | undefined;
  #closed: Promise<void> | undefined;

  constructor(pg: PGlite, protocol: typeof PgliteProtocol) {
    this.#pg = pg;
    this.#wire = new PgliteWire(pg, protocol);
    pg.onNotification((channel, payload) => {
      for (const [handlers, wanted] of this.#listeners)
        if (wanted === channel) handlers.notification(payload);
    });
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
    if (this.#abandoned !== undefined) {
      end();
      throw this.#abandoned;
    }
    const sequence = new Sequence();
    const run = <T>(operation: string, work: () => Promise<T>, signal?: AbortSignal): Promise<T> =>
      sequence.run(async () => {
        try {
          return await work();
        } catch (error) {
          throw storeError(error, operation);
        }
      }, signal);
    return {
      query: (statement, params = [], options = {}) =>
        run(operationOf(statement), () => this.#wire.run(statement, params), options.signal),
      script: (text, options = {}) =>
        run(options.operation ?? 'a script', () => this.#wire.script(text), options.signal),
      release: () =>
        void sequence
          .idle()
          .then(() => this.#rollBack())
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
      // Closing writes a checkpoint, which would meet the files of whoever has the folder now.
      if (this.#abandoned === undefined) await this.#pg.close();
    } finally {
      end();
    }
  }

  #dismiss(reason: Error): void {
    const listeners = [...this.#listeners.keys()];
    this.#listeners.clear();
    for (const handlers of listeners) handlers.gone(reason);
  }

  async #rollBack(): Promise<void> {
    if (this.#pg.ready && this.#pg.isInTransaction()) await this.#wire.script('rollback').catch(() => {});
  }
}
