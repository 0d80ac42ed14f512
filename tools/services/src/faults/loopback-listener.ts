import { createServer, type Server, type Socket } from 'node:net';
import { PortTakenError } from '../errors.ts';
import { withFreePort } from '../ports.ts';

const HOST = '127.0.0.1';

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

  async open(): Promise<void> {
    if (this.#server !== undefined) return;
    if (this.#port === 0) this.#port = await withFreePort(async (port) => this.#listen(port));
    else await this.#listen(this.#port);
  }

  /** From now on the kernel refuses connections; open ones are untouched. */
  close(): void {
    this.#server?.close();
    this.#server = undefined;
  }

  async #listen(port: number): Promise<number> {
    const server = createServer({ allowHalfOpen: true, noDelay: true }, this.#accept);
    this.#server = server;
    const { promise, resolve, reject } = Promise.withResolvers<number>();
    server.once('error', (cause) => {
      this.#server = undefined;
      reject(new PortTakenError(port, { cause }));
    });
    server.listen({ host: HOST, port, exclusive: true }, () => resolve(port));
    return promise;
  }
}
