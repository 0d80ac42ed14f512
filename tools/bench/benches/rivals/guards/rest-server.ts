import { createServer } from 'node:http';
import { json } from 'node:stream/consumers';
import type { Redis } from 'ioredis-6';

/** Commands of a client that speaks HTTP alone go to a server as they are, and so do the replies. */
export async function serveRest(redis: Redis): Promise<string> {
  const server = createServer((request, response) => {
    const answer = async (): Promise<[status: number, body: object]> => {
      const body = await json(request);
      const [name, ...words] = Array.isArray(body) ? body.map(String) : [];
      if (name === undefined) return [400, { error: 'no command' }];
      return [200, { result: await redis.call(name, ...words) }];
    };
    void answer()
      .catch((error: unknown): [number, object] => [
        400,
        { error: error instanceof Error ? error.message : String(error) },
      ])
      .then(([status, body]) => {
        response.writeHead(status, { 'content-type': 'application/json' }).end(JSON.stringify(body));
      });
  });
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  const address = server.address();
  if (address === null || typeof address === 'string') throw new TypeError('it has no port');
  const { port } = address;
  return `http://127.0.0.1:${port}`;
}
