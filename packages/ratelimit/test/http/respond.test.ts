import { createServer, type Server } from 'node:http';
import { once } from 'node:events';
import { createLimiter, memoryLimitStore } from '@parley/ratelimit';
import { expressLimit } from '@parley/ratelimit/express';
import { expect, it } from 'vitest';
import { closed, originOf } from './origin.ts';

it('an answer of the application that fails later is an error for the framework', async () => {
  const rules = { api: { limit: 1, per: '1h' } } as const;
  const limit = expressLimit(createLimiter({ store: memoryLimitStore(), rules }), {
    rules: 'api',
    respond: () => Promise.reject(new Error('no answer')),
  });
  const server: Server = createServer((request, response) => {
    limit(request, response, (error) => {
      response.statusCode = error === undefined ? 200 : 500;
      response.end(error instanceof Error ? error.message : 'hello');
    });
  });
  server.listen(0, '127.0.0.1');
  await once(server, 'listening');
  const origin = originOf(server);
  expect((await fetch(origin)).status).toBe(200);
  const failed = await fetch(origin);
  expect([failed.status, await failed.text()]).toEqual([500, 'no answer']);
  await closed(server);
});
