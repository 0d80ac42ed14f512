import { createServer, type RequestListener, type Server } from 'node:http';
import { once } from 'node:events';
import { createLimiter, memoryLimitStore, type Limiter } from '@parley/ratelimit';
import { expressLimit } from '@parley/ratelimit/express';
import { honoLimit } from '@parley/ratelimit/hono';
import { Hono } from 'hono';
import { afterEach, expect, it } from 'vitest';
import { closed, originOf } from './origin.ts';

const open: Server[] = [];
afterEach(async () => {
  await Promise.all(open.splice(0).map(closed));
});

const oneAnHour = (): Limiter<'api' | 'all'> =>
  createLimiter({
    store: memoryLimitStore(),
    rules: { api: { limit: 1, per: '1h' }, all: { limit: 10, per: '1h' } },
  });

async function listening(answer: RequestListener): Promise<string> {
  const server = createServer(answer);
  open.push(server);
  server.listen(0, '127.0.0.1');
  await once(server, 'listening');
  return originOf(server);
}

it('an answer of the application that fails later is an error for the framework', async () => {
  const limit = expressLimit(oneAnHour(), {
    rules: 'api',
    respond: () => Promise.reject(new Error('no answer')),
  });
  const origin = await listening((request, response) => {
    limit(request, response, (error) => {
      response.statusCode = error === undefined ? 200 : 500;
      response.end(error instanceof Error ? error.message : 'hello');
    });
  });
  expect((await fetch(origin)).status).toBe(200);
  const failed = await fetch(origin);
  expect([failed.status, await failed.text()]).toEqual([500, 'no answer']);
});

it('a response that has begun already goes on, or ends where it is denied', async () => {
  const limit = expressLimit(oneAnHour(), { rules: 'api' });
  const origin = await listening((request, response) => {
    response.flushHeaders();
    response.write('begun');
    limit(request, response, () => response.end(', done'));
  });
  expect(await (await fetch(origin)).text()).toBe('begun, done');
  expect(await (await fetch(origin)).text()).toBe('begun');
});

it('over Hono the limit behind another one tells what is left, and an answer of the application when to come', async () => {
  const limiter = oneAnHour();
  const app = new Hono();
  const respond = (): Response => new Response('later', { status: 429, headers: { 'retry-after': '5' } });
  app.use(honoLimit(limiter, { rules: 'all', legacy: true }));
  app.use(honoLimit(limiter, { rules: 'api', legacy: true, respond }));
  app.get('/', (context) => context.text('hello'));
  for (const status of [200, 429]) {
    const response = await app.request('/');
    expect(response.status).toBe(status);
    expect(response.headers.get('x-ratelimit-limit')).toBe('1');
    expect(response.headers.get('ratelimit-policy')?.match(/"\w+"/g)?.toSorted()).toEqual(['"all"', '"api"']);
    expect(response.headers.get('retry-after')).toBe(status === 429 ? '5' : null);
  }
});
