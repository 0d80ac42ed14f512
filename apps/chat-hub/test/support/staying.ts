import { setTimeout as sleep } from 'node:timers/promises';
import type { ClientFrame } from '@parley/hub-protocol';
import { until } from '@parley/services';
import { TestClient } from './client.ts';

export interface StayingOptions {
  /** Where sockets are; asked for each connection. */
  readonly url: () => string;
  readonly token: string;
  /** The same on all connections. */
  readonly session: string;
}

/** Somebody who stays: whose connection is cut, or sent away, connects again at once, as the same client. */
export class Staying implements AsyncDisposable {
  readonly #options: StayingOptions;
  readonly #over: Promise<void>;
  #client: TestClient | undefined;
  #welcomes = 0;
  #closed = false;

  constructor(options: StayingOptions) {
    this.#options = options;
    this.#over = this.#stay();
  }

  /** How often it was welcomed. */
  get connections(): number {
    return this.#welcomes;
  }

  /** The name of the node that it is connected to; undefined: it is on the way to one. */
  get node(): string | undefined {
    return this.#client?.of('welcome')[0]?.nodeId;
  }

  async here(): Promise<void> {
    await until(() => this.node !== undefined, { what: 'it is welcomed', deadline: 60_000 });
  }

  send(frame: ClientFrame): void {
    this.#client?.send(frame);
  }

  /** As a client does that leaves. */
  async leave(): Promise<void> {
    this.#closed = true;
    this.#client?.ws.close(1000);
    await this.#over;
  }

  /** Loses its connection for good. */
  async crash(): Promise<void> {
    this.#closed = true;
    this.#client?.close();
    await this.#over;
  }

  [Symbol.asyncDispose](): Promise<void> {
    return this.crash();
  }

  async #stay(): Promise<void> {
    while (!this.#closed) {
      await this.#connect().catch(() => undefined);
      await sleep(50);
    }
  }

  /** Resolves when the connection is over. */
  async #connect(): Promise<void> {
    const { url, token, session } = this.#options;
    const client = await TestClient.open(url(), { token, hello: { session } });
    if (this.#closed) client.close();
    client.onFrame(({ type }) => {
      if (type === 'welcome') this.#welcomes += 1;
    });
    this.#client = client;
    await client.closed;
    this.#client = undefined;
  }
}
