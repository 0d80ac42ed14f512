import { once } from 'node:events';
import { createServer, type Server } from 'node:http';
import { serve } from '@hono/node-server';
import type { Limiter } from '@parley/ratelimit';
import { expressLimit } from '@parley/ratelimit/express';
import { fastifyLimit, fastifyLimits } from '@parley/ratelimit/fastify';
import { honoLimit } from '@parley/ratelimit/hono';
import {
  requestVerdict,
  type Caller,
  type Identify,
  type LimitHeaderOptions,
  type RequestRule,
} from '@parley/ratelimit/http';
import express from 'express';
import fastify from 'fastify';
import { Hono } from 'hono';

/** What may be said of any framework: whom it is for is known by the caller alone. */
interface SiteOptions<Name extends string> extends LimitHeaderOptions<Name> {
  readonly rules: Name | readonly (Name | RequestRule<Name, unknown>)[];
  readonly identity?: Identify<unknown>;
  readonly cost?: number | ((request: unknown, caller: Caller) => number);
  readonly skip?: (request: unknown, caller: Caller) => boolean;
}

export interface SiteParts<Name extends string> {
  readonly limiter: Limiter<Name>;
  readonly options: SiteOptions<Name>;
  /** Another limit after the first. */
  readonly second?: SiteOptions<Name> | undefined;
  /** Whether `teapot` is answered to who is denied. */
  readonly own?: boolean | undefined;
  /** What `/slow` waits for. */
  readonly slow?: (() => Promise<void>) | undefined;
}

/** Each answers `/` and `/slow` with how many are left. */
export type Site = <Name extends string>(parts: SiteParts<Name>) => Promise<Server>;

const waited = async (slow: (() => Promise<void>) | undefined): Promise<void> => slow?.();

const left = (request: object): string => String(requestVerdict(request)?.remaining);

export const sites: Readonly<Record<string, Site>> = {
  node: async ({ limiter, options, second, own, slow }) => {
    const respond = own
      ? (_: unknown, response: { end(text: string): unknown }) => void response.end('teapot')
      : undefined;
    const limits = [options, ...(second === undefined ? [] : [second])].map((each) =>
      expressLimit(limiter, { ...each, respond }),
    );
    const server = createServer((request, response) => {
      const work = async (): Promise<void> => {
        for (const limit of limits) {
          await new Promise<void>((resolve, reject) => {
            limit(request, response, (error) => (error === undefined ? resolve() : reject(error)));
          });
        }
        if (request.url === '/slow') await slow?.();
        response.end(left(request));
      };
      work().catch(() => response.writeHead(500).end());
    });
    return listening(server);
  },
  express: async ({ limiter, options, second, own, slow }) => {
    const app = express();
    // Else it prints errors.
    app.set('env', 'test');
    const respond = own
      ? (_: express.Request, response: express.Response) => void response.send('teapot')
      : undefined;
    app.use(expressLimit(limiter, { ...options, respond }));
    if (second !== undefined) app.use(expressLimit(limiter, second));
    app.get('/', (request, response) => void response.send(left(request)));
    app.get('/slow', (request, response) => {
      void waited(slow).then(() => response.send(left(request)));
    });
    return listening(createServer(app));
  },
  fastify: async ({ limiter, options, second, own, slow }) => {
    const app = fastify();
    const respond = own ? () => 'teapot' : undefined;
    await app.register(fastifyLimits(limiter, { ...options, respond }));
    if (second !== undefined) app.addHook('onRequest', fastifyLimit(limiter, second));
    app.get('/', (request, reply) => reply.send(left(request)));
    app.get('/slow', (request) => waited(slow).then(() => left(request)));
    await app.ready();
    await app.listen({ host: '127.0.0.1', port: 0 });
    return app.server;
  },
  hono: async ({ limiter, options, second, own, slow }) => {
    const app = new Hono();
    const respond = own ? () => new Response('teapot', { status: 429 }) : undefined;
    app.use(honoLimit(limiter, { ...options, respond }));
    if (second !== undefined) app.use(honoLimit(limiter, second));
    app.get('/', (context) => context.text(left(context)));
    app.get('/slow', async (context) => {
      await slow?.();
      return new Response(left(context));
    });
    const server = serve({ fetch: app.fetch, hostname: '127.0.0.1', port: 0 });
    if (!('closeAllConnections' in server)) throw new TypeError('a server of HTTP/1');
    if (!server.listening) await once(server, 'listening');
    return server;
  },
};

async function listening(server: Server): Promise<Server> {
  server.listen(0, '127.0.0.1');
  await once(server, 'listening');
  return server;
}
