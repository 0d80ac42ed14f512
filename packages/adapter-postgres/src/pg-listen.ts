import { Socket } from 'node:net';
import { Client, escapeIdentifier } from 'pg';
import { Closed, systemClock } from '@parley/cache-core/kernel';
import type { PostgresSettings } from './config.ts';
import type { CallOptions, ListenHandlers, Listening } from './database.ts';
import { storeError } from './errors.ts';
import { clientConfig, clientQueries } from './pg-client.ts';
import type { Address, Servers } from './servers.ts';

/** How long a server may take over a goodbye. */
const goodbyeMs = 500;

/**
 * Connections that listen, each of its own: one of the pool would be lent out, closed when idle, and replaced without a word. They do
 * not keep the process alive.
 */
export class Listeners {
  readonly #settings: PostgresSettings;
  readonly #servers: Servers;
  readonly #open = new Map<Client, ListenHandlers>();
  #closed = false;

  constructor(settings: PostgresSettings, servers: Servers) {
    this.#settings = settings;
    this.#servers = servers;
  }

  async listen(channel: string, handlers: ListenHandlers, options: CallOptions = {}): Promise<Listening> {
    if (this.#closed) throw new Closed('the connection to Postgres');
    const from = this.#servers.current;
    const client = this.#createClient(from);
    const { query } = clientQueries(client, this.#settings);
    this.#open.set(client, handlers);
    const close = (): Promise<void> => {
      this.#open.delete(client);
      return endClient(client);
    };
    try {
      await client.connect();
      unref(client);
      await query({ text: `listen ${escapeIdentifier(channel)}`, operation: 'listening' }, [], options);
    } catch (error) {
      await close();
      // Who wants to listen tries again in any case.
      this.#servers.leave(from, error);
      throw storeError(error, 'listening');
    }
    return { query, close };
  }

  async close(): Promise<void> {
    this.#closed = true;
    const open = [...this.#open];
    this.#open.clear();
    for (const [, handlers] of open) handlers.gone(new Closed('the connection to Postgres'));
    await Promise.all(open.map(([client]) => endClient(client)));
  }

  #createClient(server: Address): Client {
    const { applicationName } = this.#settings;
    const client = new Client({
      ...clientConfig(this.#settings, server),
      application_name: `${applicationName} listener`,
    });
    let reason: unknown;
    client.on('error', (error) => (reason ??= error));
    client.on('notification', ({ payload }) => this.#open.get(client)?.notification(payload ?? ''));
    client.on('end', () => {
      const handlers = this.#open.get(client);
      this.#open.delete(client);
      handlers?.gone(reason);
    });
    return client;
  }
}

function unref({ connection }: Client): void {
  if (connection.stream instanceof Socket) connection.stream.unref();
}

/** Ends in any case: a server that hangs answers nothing, and a socket that waits for it would stay for ever. */
async function endClient(client: Client): Promise<void> {
  const hurry = systemClock.timer(goodbyeMs, () => client.connection.stream.destroy());
  try {
    await client.end();
  } catch {
    // It was gone already.
  } finally {
    hurry.cancel();
  }
}
