import { createServer, type IncomingHttpHeaders, type ServerResponse } from 'node:http';

export interface Received {
  readonly headers: IncomingHttpHeaders;
  readonly body: string;
}

/** A program somewhere else that is told things. */
export interface Target {
  readonly url: string;
  readonly port: number;
  readonly calls: Received[];
  /** @default 200 */
  answer: (call: Received, reply: ServerResponse) => void;
  readonly close: () => Promise<void>;
}

export async function startTarget(): Promise<Target> {
  const calls: Received[] = [];
  const server = createServer((request, reply) => {
    let body = '';
    request.setEncoding('utf8').on('data', (part: string) => (body += part));
    request.on('error', () => undefined);
    reply.on('error', () => undefined);
    request.on('end', () => {
      const call = { headers: request.headers, body };
      calls.push(call);
      target.answer(call, reply);
    });
  });
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  const address = server.address();
  const port = typeof address === 'object' && address !== null ? address.port : 0;
  const target: Target = {
    url: `http://127.0.0.1:${port}/hook`,
    port,
    calls,
    answer: (_, reply) => void reply.writeHead(200).end(),
    close: async () => {
      server.closeAllConnections();
      await new Promise((resolve) => server.close(resolve));
    },
  };
  return target;
}
