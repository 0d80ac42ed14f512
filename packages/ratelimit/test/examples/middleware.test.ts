import { EventEmitter, once } from 'node:events';
import { createServer, type Server } from 'node:http';
import { serve } from '@hono/node-server';
import { createLimiter, memoryLimitStore } from '@parley/ratelimit';
import { expressLimit, expressRateLimitStore } from '@parley/ratelimit/express';
import { fastifyLimit, fastifyLimits } from '@parley/ratelimit/fastify';
import { honoLimit } from '@parley/ratelimit/hono';
import { byAddress, requestVerdict } from '@parley/ratelimit/http';
import { frameLimit } from '@parley/ratelimit/ws';
import express from 'express';
import { rateLimit } from 'express-rate-limit';
import fastify from 'fastify';
import { Hono } from 'hono';
import { afterEach, expect, it } from 'vitest';
import { closed, originOf } from '../http/origin.ts';

const open: Server[] = [];
afterEach(async () => {
  await Promise.all(open.splice(0).map(closed));
});

async function reached(server: Server): Promise<string> {
  open.push(server);
  if (!server.listening) await once(server.listen(0, '127.0.0.1'), 'listening');
  return originOf(server);
}

it('limits an application of Express', async () => {
  const app = express();
  const store = memoryLimitStore();
  // #region express
  const limiter = createLimiter({ store, rules: { api: { limit: 100, per: '1m', burst: 20 } } });
  app.use(
    expressLimit(limiter, {
      rules: 'api',
      identity: byAddress({ trust: ['10.0.0.0/8'] }), // behind proxies of our own
      skip: (request) => request.url === '/health',
    }),
  );
  app.get('/', (request, response) => {
    response.send(`${requestVerdict(request)?.remaining} left`);
  });
  // #endregion express
  expect(await (await fetch(await reached(createServer(app)))).text()).toBe('19 left');
});

it('limits an application of Fastify', async () => {
  const app = fastify();
  const store = memoryLimitStore();
  // #region fastify
  const limiter = createLimiter({
    store,
    rules: {
      address: { kind: 'sliding', limit: 300, per: '15m' },
      search: { limit: 10, per: '1m' },
      exports: { kind: 'concurrency', limit: 1, lease: '30s' },
    },
  });
  await app.register(fastifyLimits(limiter, { rules: 'address' }));
  app.get('/search', { onRequest: fastifyLimit(limiter, { rules: 'search' }) }, async () => 'found');
  app.get('/export', { onRequest: fastifyLimit(limiter, { rules: 'exports' }) }, async () => 'all');
  // #endregion fastify
  await app.ready();
  const response = await fetch(`${await reached(app.server)}/search`);
  expect(response.headers.get('ratelimit')).toBe('"address";r=299;t=900, "search";r=9;t=6');
});

it('limits an application of Hono', async () => {
  const app = new Hono();
  const limiter = createLimiter({ store: memoryLimitStore(), rules: { api: { limit: 10, per: '1m' } } });
  // #region hono
  app.use('/api/*', honoLimit(limiter, { rules: 'api', legacy: true }));
  // #endregion hono
  app.get('/api/time', (context) => context.text('noon'));
  const server = serve({ fetch: app.fetch, hostname: '127.0.0.1', port: 0 });
  if (!('closeAllConnections' in server)) throw new TypeError('a server of HTTP/1');
  if (!server.listening) await once(server, 'listening');
  const response = await fetch(`${await reached(server)}/api/time`);
  expect(response.headers.get('x-ratelimit-remaining')).toBe('9');
});

it('counts for express-rate-limit', async () => {
  const app = express();
  const store = memoryLimitStore();
  // #region express-rate-limit
  app.use(
    rateLimit({
      windowMs: 15 * 60_000,
      limit: 300,
      store: expressRateLimitStore(store, { name: 'site' }),
    }),
  );
  // #endregion express-rate-limit
  app.get('/', (_request, response) => void response.send('hello'));
  expect((await fetch(await reached(createServer(app)))).headers.get('x-ratelimit-remaining')).toBe('299');
});

it('limits the frames of a connection', async () => {
  const limiter = createLimiter({ store: memoryLimitStore(), rules: { frame: { limit: 2, per: '10s' } } });
  const said: string[] = [];
  const socket = Object.assign(new EventEmitter<{ message: [string] }>(), {
    send: (text: string) => said.push(text),
    close: (code: number, reason: string) => said.push(`closed ${code}: ${reason}`),
  });
  const handle = (frame: string): unknown => said.push(`took ${frame}`);
  // #region frames
  const rule = frameLimit(limiter, {
    rules: 'frame',
    identity: 'agent 7',
    cost: (frame: string) => frame.length,
  });

  const hear = async (frame: string): Promise<void> => {
    const ruling = await rule(frame);
    if (ruling.do === 'take') handle(frame);
    else if (ruling.do === 'refuse')
      socket.send(JSON.stringify({ error: 'slow down', retryAfterMs: ruling.retryAfterMs }));
    else socket.close(ruling.code, ruling.reason);
  };
  socket.on('message', (frame) => {
    // Nobody's frame ends the process, whatever of ours it finds wrong.
    hear(frame).catch(() => socket.close(1011, 'internal error'));
  });
  // #endregion frames
  socket.emit('message', '12345');
  socket.emit('message', '');
  for (const frame of ['1', '2', '3']) await hear(frame);
  expect(
    said
      .slice(0, 2)
      .toSorted()
      .map((text) => text.slice(0, 11)),
  ).toEqual(['closed 1011', '{"error":"s']);
  expect(said.slice(2).map((text) => text.slice(0, 11))).toEqual(['took 1', 'took 2', '{"error":"s']);
});
