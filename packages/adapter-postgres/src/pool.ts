import { callbackify } from 'node:util';
import { Pool } from 'pg';
import type { PoolClient } from 'pg';
import { abortable, Closed, StoreUnavailable, systemClock } from '@parley/cache-core/kernel';
import { backgroundFailures } from './background.ts';
import type { PostgresSettings } from './config.ts';
import type { CallOptions, Param, Queries, Result, Session, Statement } from './database.ts';
import { diagnose, storeError } from './errors.ts';
import { operationOf } from './operation.ts';
import { clientConfig, clientQueries } from './pg-client.ts';
import { Sequence } from './sequence.ts';
import type { Servers } from './servers.ts';
import { serverSessionSetup, sessionCheck } from './session-setup.ts';

/** How long `close` waits for statements that run. */
const graceMs = 2_000;

export interface PoolUse {
  readonly open: number;
  readonly idle: number;
  readonly waiting: number;
}

/**
 * The driver's pool, with what it leaves to its user: no connection comes back to it that hung, broke, or leads to a server that was
 * demoted; nobody waits for ever; no error of an idle connection ends the process; and closing ends even when the server hangs.
 */
export class ConnectionPool implements Queries {
  readonly #pool: Pool;
  readonly #settings: PostgresSettings;
  readonly #servers: Servers;
  readonly #clients = new Set<PoolClient>();
  /** Which server process each leads to. */
  readonly #leads = new WeakMap<PoolClient, string>();
  #server: string | undefined;
  #closed: Promise<void> | undefined;

  constructor(settings: PostgresSettings, servers: Servers) {
    this.#settings = settings;
    this.#servers = servers;
    this.#pool = new Pool({
      ...clientConfig(settings, servers.current),
      max: settings.maxConnections,
      idleTimeoutMillis: settings.idleMs,
      maxLifetimeSeconds: settings.lifetimeMs / 1000,
      // A script may end without closing; a server that should live has sockets of its own.
      allowExitOnIdle: true,
      verify: callbackify(async (client: PoolClient) => {
        this.#server = await setUp(client, settings);
        this.#leads.set(client, this.#server);
      }),
    });
    this.#pool.on('error', (error) => backgroundFailures.emit({ work: 'idle connection', error }));
    this.#pool.on('connect', (client) => {
      this.#clients.add(client);
      // While it is lent out nobody else listens, and an unheard error event ends the process. The statement that runs learns of it.
      client.on('error', () => {});
    });
    this.#pool.on('remove', (client) => this.#clients.delete(client));
  }

  get use(): PoolUse {
    const { totalCount, idleCount, waitingCount } = this.#pool;
    return { open: totalCount, idle: idleCount, waiting: waitingCount };
  }

  /** Which server process is the primary, as far as anybody here has heard. */
  get server(): string | undefined {
    return this.#server;
  }

  async query(statement: Statement, params?: readonly Param[], options: CallOptions = {}): Promise<Result> {
    const client = await this.#connect(operationOf(statement), options.signal);
    const giveBack = (error: unknown): void => release(client, error);
    const result = await clientQueries(client, this.#settings, giveBack).query(statement, params, options);
    this.#vouch(client);
    return result;
  }

  async acquire({ signal }: CallOptions = {}): Promise<Session> {
    const client = await this.#connect('connecting', signal);
    const sequence = new Sequence();
    let failure: unknown;
    const queries = clientQueries(client, this.#settings, (error) => {
      if (error !== undefined && diagnose(error).breaksConnection) failure = error;
    });
    return {
      query: (statement, params, { signal, ...options } = {}) =>
        sequence.run(async () => {
          const result = await queries.query(statement, params, options);
          this.#vouch(client);
          return result;
        }, signal),
      script: (text, { signal, ...options } = {}) =>
        sequence.run(() => queries.script(text, options), signal),
      // An abandoned statement still runs.
      release: () => void sequence.idle().then(() => release(client, failure)),
    };
  }

  close(): Promise<void> {
    this.#closed ??= this.#end();
    return this.#closed;
  }

  async #end(): Promise<void> {
    const { promise: gone, resolve } = Promise.withResolvers<void>();
    const look = (): void => {
      if (this.#clients.size === 0) resolve();
    };
    this.#pool.on('remove', look);
    // A server that hangs does not answer a goodbye, and who has a session may have forgotten it.
    const hurry = systemClock.timer(graceMs, () => {
      for (const client of this.#clients) client.connection.stream.destroy();
      resolve();
    });
    this.#pool.end().then(look, resolve);
    await gone;
    hurry.cancel();
  }

  async #connect(operation: string, signal: AbortSignal | undefined): Promise<PoolClient> {
    if (this.#closed !== undefined) throw new Closed('the connection to Postgres');
    for (let tries = this.#servers.count; ;) {
      const from = this.#servers.current;
      Object.assign(this.#pool.options, from);
      try {
        const client = await this.#checkOut(signal);
        if (this.#leads.get(client) === this.#server) return client;
        // Its server has been replaced, and may not know.
        client.release(true);
      } catch (error) {
        tries -= 1;
        if (!this.#servers.leave(from, error) || tries === 0) throw storeError(error, operation);
      }
    }
  }

  async #checkOut(signal: AbortSignal | undefined): Promise<PoolClient> {
    const pending = this.#pool.connect();
    try {
      return await abortable(pending, signal);
    } catch (error) {
      // Who gave up waiting still gets a connection sooner or later, and has no use for it.
      if (signal?.aborted === true) {
        pending.then(
          (client) => client.release(),
          () => {},
        );
      }
      throw error;
    }
  }

  /** What a server has done after another one took over is done for nobody. */
  #vouch(client: PoolClient): void {
    if (this.#leads.get(client) === this.#server) return;
    throw new StoreUnavailable('Postgres: another server has taken over from the one that answered', {
      evidence: { store: 'postgres' },
    });
  }
}

function release(client: PoolClient, error: unknown): void {
  const broken = error !== undefined && diagnose(error).breaksConnection;
  // What was begun and never ended would be the next one's transaction.
  client.release(broken || client.getTransactionStatus() !== 'I');
}

/**
 * A standby answers reads, from the past: there, a tag that was invalidated is not. A connection that reached one by a name that has not
 * moved yet is of no use. Where another server may be the primary, neither is one that takes no writes.
 */
async function setUp(client: PoolClient, { prepare, standbys }: PostgresSettings): Promise<string> {
  const { text } = prepare ? serverSessionSetup : sessionCheck;
  const { rows } = await client.query<[standby: boolean, readOnly: boolean, began: string]>({
    text,
    rowMode: 'array',
  });
  const [[standby, readOnly, began] = [false, false, '']] = rows;
  if (standby || (readOnly && standbys.length > 0)) {
    throw new StoreUnavailable(`Postgres: this server ${standby ? 'is a standby' : 'takes no writes'}`, {
      evidence: { store: 'postgres' },
    });
  }
  return began;
}
