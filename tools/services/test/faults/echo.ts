import { connect, createServer, type Socket } from 'node:net';
import { afterEach, beforeEach, expect, vi } from 'vitest';
import { startProxy, type FaultProxy } from '../../src/faults/proxy.ts';

/** A server that answers every line with `echo <line>` and remembers what it received. */
export interface EchoServer extends AsyncDisposable {
  readonly host: string;
  readonly port: number;
  readonly received: string[];
  readonly sockets: Set<Socket>;
  close(): Promise<void>;
}

export async function startEcho(): Promise<EchoServer> {
  const received: string[] = [];
  const sockets = new Set<Socket>();
  const server = createServer({ allowHalfOpen: true }, (socket) => {
    sockets.add(socket);
    let rest = '';
    socket.on('data', (bytes: Buffer) => {
      const lines = (rest + bytes.toString()).split('\n');
      rest = lines.pop() ?? '';
      for (const line of lines) {
        received.push(line);
        socket.write(`echo ${line}\n`);
      }
    });
    socket.on('end', () => socket.end('bye\n'));
    socket.on('error', () => {});
    socket.on('close', () => sockets.delete(socket));
  });
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  const close = async (): Promise<void> => {
    for (const socket of sockets) socket.destroy();
    await new Promise((resolve) => server.close(resolve));
  };
  const address = server.address();
  if (address === null || typeof address === 'string') throw new Error('The echo server has no port');
  return {
    host: '127.0.0.1',
    port: address.port,
    received,
    sockets,
    close,
    [Symbol.asyncDispose]: close,
  };
}

/** A client that shows what arrives, chunk by chunk, and how the connection ended. */
export class LineClient implements AsyncDisposable {
  readonly chunks: string[] = [];
  readonly socket: Socket;
  /** The error code, or 'closed' after an orderly end. */
  readonly ended: Promise<string>;

  constructor(port: number) {
    this.socket = connect({ host: '127.0.0.1', port, noDelay: true, allowHalfOpen: true });
    const { promise, resolve } = Promise.withResolvers<string>();
    this.ended = promise;
    this.socket.on('data', (bytes: Buffer) => this.chunks.push(bytes.toString()));
    this.socket.on('end', () => this.socket.end());
    this.socket.on('error', (error: NodeJS.ErrnoException) => resolve(error.code ?? error.message));
    this.socket.on('close', () => resolve('closed'));
  }

  get text(): string {
    return this.chunks.join('');
  }

  send(line: string): void {
    this.socket.write(`${line}\n`);
  }

  async [Symbol.asyncDispose](): Promise<void> {
    this.socket.destroy();
    await this.ended;
  }
}

/** An echo server behind a proxy, anew for each test, and what the tests ask of both. */
export function useProxiedEcho() {
  let started: { readonly echo: EchoServer; readonly proxy: FaultProxy } | undefined;
  const now = () => {
    if (started === undefined) throw new Error('only within a test');
    return started;
  };

  beforeEach(async () => {
    const echo = await startEcho();
    started = { echo, proxy: await startProxy({ target: echo }) };
  });
  afterEach(async () => {
    await now().proxy.close();
    await now().echo.close();
  });

  return {
    get echo() {
      return now().echo;
    },
    get proxy() {
      return now().proxy;
    },
    /** A client that has had one answer. */
    async connected(): Promise<LineClient> {
      const client = new LineClient(now().proxy.port);
      client.send('hello');
      await seen(client, 'echo hello\n');
      return client;
    },
    received: (lines: string[]): Promise<void> =>
      vi.waitFor(() => expect(now().echo.received).toEqual(lines), { timeout: 5000, interval: 2 }),
  };
}

export function seen(client: LineClient, text: string): Promise<void> {
  return vi.waitFor(() => expect(client.text).toBe(text), { timeout: 5000, interval: 2 });
}
