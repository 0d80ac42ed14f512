import { withDeadline } from '@parley/cache-core/kernel';
import { checkSent } from '@parley/hub-protocol';
import { restPrefix, routeList, type NamedRoute } from '@parley/hub-protocol/rest';
import type { FastifyInstance, FastifyReply, FastifyRequest } from 'fastify';
import * as z from 'zod/mini';
import { sessionCookie } from '../access/cookie.ts';
import { JsonText, type Handlers } from './handler.ts';

export interface RegisterOptions {
  /** The routes that are there. */
  readonly handlers: Partial<Handlers>;
  /** How long a request may take. */
  readonly limitMs: number;
  /** Whether browsers reach the hub by https. */
  readonly secure: boolean;
}

/** Any of the handlers: which values go to which is made sure of by the schemas of its own route. */
type AnyHandler = (ask: never) => Promise<unknown>;

const json = 'application/json; charset=utf-8';
const none = z.strictObject({});

/** Registers the routes of the protocol, with what its table says of each. */
export function registerRoutes(app: FastifyInstance, options: RegisterOptions): void {
  for (const route of routeList) {
    const handler: AnyHandler | undefined = options.handlers[route.name];
    if (handler === undefined) continue;
    app.route({
      method: route.method,
      url: `${restPrefix}${route.path.replaceAll(/\{(\w+)\}/g, ':$1')}`,
      config: { route },
      handler: (request, reply) => answer(route, handler, request, reply, options),
    });
  }
}

async function answer(
  route: NamedRoute,
  handler: AnyHandler,
  request: FastifyRequest,
  reply: FastifyReply,
  { limitMs, secure }: RegisterOptions,
): Promise<FastifyReply> {
  const sent = {
    params: checkSent(route.params ?? none, request.params),
    query: checkSent(route.query ?? none, request.query),
    // Some programs send an empty object where nothing is to be said.
    body: checkSent(route.body ?? none, route.body === undefined ? (request.body ?? {}) : request.body),
  };
  const { caller, ip: address } = request;
  const setSession = (secret: string | undefined): void => {
    const https = secure || request.protocol === 'https';
    reply.header('set-cookie', sessionCookie(secret, https));
  };
  const value = await withDeadline(
    limitMs,
    (signal) => handler({ ...sent, caller, address, setSession, signal } as never),
    { what: 'the request' },
  );
  return encode(reply.code(route.status), value);
}

function encode(reply: FastifyReply, value: unknown): FastifyReply {
  if (value === undefined) return reply.send();
  // A text is no JSON: its route has said what it is.
  if (typeof value === 'string') return reply.send(value);
  return reply.type(json).send(value instanceof JsonText ? value.text : JSON.stringify(value));
}
