import { once } from 'node:events';
import { connect, createServer, type Socket } from 'node:net';

export interface Balancer extends AsyncDisposable {
  readonly url: string;
}

/** One address for several nodes: each connection goes to the next one that takes it, as behind the load balancer of whoever runs them. */
export async function startBalancer(ports: readonly number[]): Promise<Balancer> {
  const open = new Set<Socket>();
  let turn = 0;

  async function nodeFor(): Promise<Socket | undefined> {
    turn += 1;
    for (let i = 0; i < ports.length; i += 1) {
      const socket = connect({
        host: '127.0.0.1',
        port: ports[(turn + i) % ports.length] ?? 0,
        noDelay: true,
      });
      try {
        await once(socket, 'connect');
        return socket;
      } catch {
        // Nobody is there: the next one.
      }
    }
    return undefined;
  }

  async function join(client: Socket): Promise<void> {
    const node = await nodeFor();
    if (node === undefined || client.destroyed) {
      node?.destroy();
      client.resetAndDestroy();
      return;
    }
    for (const [from, to] of [
      [client, node],
      [node, client],
    ] as const) {
      open.add(from);
      from.pipe(to);
      from.on('error', () => undefined);
      from.on('close', () => {
        open.delete(from);
        // What was said at the last is still on its way.
        to.destroySoon();
      });
    }
  }

  const server = createServer({ noDelay: true }, (client) => {
    client.on('error', () => undefined);
    void join(client);
  });
  server.listen({ host: '127.0.0.1', port: 0 });
  await once(server, 'listening');
  const bound = server.address();
  const port = typeof bound === 'object' ? bound?.port : undefined;
  return {
    url: `http://127.0.0.1:${port ?? 0}`,
    async [Symbol.asyncDispose]() {
      const closed = once(server, 'close');
      server.close();
      for (const socket of open) socket.destroy();
      await closed;
    },
  };
}
