import { withDeadline } from '@parley/cache-core/kernel';
import { checkSent } from '@parley/hub-protocol';
import { restPrefix, routeList, type NamedRoute } from '@parley/hub-protocol/rest';
import type { Secret } from '@parley/runtime';
import type { FastifyInstance, FastifyReply, FastifyRequest } from 'fastify';
import * as z from 'zod/mini';
import { sessionCookie } from '../access/cookie.ts';
import { actionOfRoute, clientIdOf } from '../limits/charged.ts';
import type { HubLimits } from '../limits/hub-limits.ts';
import { obey } from './obey.ts';
import { picturePolicy } from './headers.ts';
import { JsonText, type Handlers } from './handler.ts';

export interface RegisterOptions {
  readonly handlers: Handlers;
  readonly limits: Pick<HubLimits, 'act'>;
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
    const handler: AnyHandler = options.handlers[route.name];
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
  { limits, limitMs, secure }: RegisterOptions,
): Promise<FastifyReply> {
  const sent = {
    params: checkSent(route.params ?? none, request.params),
    query: checkSent(route.query ?? none, request.query),
    body: checkSent(route.body ?? none, bodyOf(route, request)),
  };
  const { caller, ip: address } = request;
  const action = actionOfRoute(route);
  if (action !== undefined && caller !== undefined)
    obey(reply, await limits.act(action, caller, clientIdOf(sent.body)));
  const userAgent = request.headers['user-agent'];
  const setSession = (secret: Secret | undefined): void => {
    const https = secure || request.protocol === 'https';
    reply.header('set-cookie', sessionCookie(secret?.reveal(), https));
  };
  const value = await withDeadline(
    limitMs,
    // oxlint-disable-next-line typescript/no-unsafe-type-assertion -- see AnyHandler
    (signal) => handler({ ...sent, caller, address, userAgent, setSession, signal } as never),
    { what: 'the request' },
  );
  return encode(reply.code(route.status), route, value);
}

/** Some programs send an empty object where nothing is to be said. */
function bodyOf(route: NamedRoute, { body }: FastifyRequest): unknown {
  return route.body === undefined && body === undefined ? {} : body;
}

function encode(reply: FastifyReply, route: NamedRoute, value: unknown): FastifyReply {
  if (value === undefined) return reply.send();
  if (typeof route.reply === 'string') return picture(reply, route.reply).send(value);
  return reply.type(json).send(value instanceof JsonText ? value.text : JSON.stringify(value));
}

/** Always the same for the same address; and a browser that is led there opens a picture, never a page of this hub. */
function picture(reply: FastifyReply, type: string): FastifyReply {
  const headers = { 'content-security-policy': picturePolicy, 'cache-control': 'private, max-age=86400' };
  return reply.type(`${type}; charset=utf-8`).headers(headers);
}
