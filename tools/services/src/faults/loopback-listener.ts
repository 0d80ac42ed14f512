import { createServer, type Server, type Socket } from 'node:net';

/** Below the range the kernel hands out by itself (32768 and up on Linux), so that a closed port stays ours to reopen. */
const FIRST_PORT = 12_000;
const LAST_PORT = 32_000;
const ATTEMPTS = 50;

/** Listens on 127.0.0.1 only, and can stop and start again on the same port. */
export class LoopbackListener {
  readonly #accept: (socket: Socket) => void;
  #server: Server | undefined;
  #port = 0;

  constructor(accept: (socket: Socket) => void) {
    this.#accept = accept;
  }

  get port(): number {
    return this.#port;
  }

  get listening(): boolean {
    return this.#server !== undefined;
  }

  async open(): Promise<void> {
    if (this.#server !== undefined) return;
    const server = createServer({ allowHalfOpen: true, noDelay: true }, this.#accept);
    this.#server = server;
    try {
      if (this.#port === 0) this.#port = await listenSomewhere(server);
      else await listen(server, this.#port);
    } catch (error) {
      this.#server = undefined;
      throw new Error(`The fault proxy cannot listen on 127.0.0.1:${this.#port}`, { cause: error });
    }
  }

  /** From now on the kernel refuses connections; open ones are untouched. */
  close(): void {
    this.#server?.close();
    this.#server = undefined;
  }
}

async function listenSomewhere(server: Server): Promise<number> {
  for (let attempt = 1; ; attempt += 1) {
    const port = FIRST_PORT + Math.floor(Math.random() * (LAST_PORT - FIRST_PORT));
    try {
      await listen(server, port);
      return port;
    } catch (error) {
      if (attempt === ATTEMPTS) throw error;
    }
  }
}

function listen(server: Server, port: number): Promise<void> {
  const { promise, resolve, reject } = Promise.withResolvers<void>();
  server.once('error', reject);
  server.listen({ host: '127.0.0.1', port, exclusive: true }, () => {
    server.off('error', reject);
    resolve();
  });
  return promise;
}
