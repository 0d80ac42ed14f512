import { randomUUID } from 'node:crypto';
import { once } from 'node:events';
import { createServer } from 'node:http';
import type { SharedAddress, SharedKindName } from './shared-kinds.ts';
import { isSharedKind, sharedKinds } from './shared-kinds.ts';

/** Names the broker of this run to the processes below it. */
export const BROKER_VARIABLE = 'PARLEY_SERVICES_BROKER';

export interface Broker extends AsyncDisposable {
  /** For `BROKER_VARIABLE`. Knowing it is the right to start servers. */
  readonly url: string;
}

/** Starts servers for all processes of a test run, each when it is first asked for. They end with the keeper of this process. */
export async function startBroker(
  start: (kind: SharedKindName) => Promise<SharedAddress> = (kind) => sharedKinds[kind].start(),
): Promise<Broker> {
  const token = randomUUID();
  const started = new Map<SharedKindName, Promise<SharedAddress>>();

  function address(kind: SharedKindName): Promise<SharedAddress> {
    const known = started.get(kind) ?? start(kind);
    started.set(kind, known);
    // The next one to ask may have more luck.
    known.catch(() => started.delete(kind));
    return known;
  }

  async function answer(path: string): Promise<{ status: number; body: unknown }> {
    const [, given, kind = ''] = path.split('/');
    if (given !== token) return { status: 403, body: { message: 'another test run' } };
    if (!isSharedKind(kind)) return { status: 404, body: { message: `no shared server is called ${kind}` } };
    try {
      return { status: 200, body: await address(kind) };
    } catch (error) {
      return { status: 503, body: { message: error instanceof Error ? error.message : String(error) } };
    }
  }

  const server = createServer((request, response) => {
    void answer(request.url ?? '').then(({ status, body }) => {
      response.writeHead(status, { 'content-type': 'application/json', connection: 'close' });
      response.end(JSON.stringify(body));
    });
  });
  server.listen({ host: '127.0.0.1', port: 0 });
  await once(server, 'listening');
  server.unref();
  const bound = server.address();
  if (bound === null || typeof bound === 'string')
    throw new Error('the broker of shared servers has no port');
  return {
    url: `http://127.0.0.1:${bound.port}/${token}`,
    async [Symbol.asyncDispose]() {
      const closed = once(server, 'close');
      server.close();
      server.closeAllConnections();
      await closed;
    },
  };
}
