import { withDeadline } from '@parley/cache-core/kernel';
import { checkSent, HubError, limits as bounds } from '@parley/hub-protocol';
import { restPrefix, routeList, type NamedRoute, type RouteName } from '@parley/hub-protocol/rest';
import type { Secret } from '@parley/runtime';
import type { FastifyInstance, FastifyReply, FastifyRequest } from 'fastify';
import * as z from 'zod/mini';
import { sessionCookie } from '../access/cookie.ts';
import { actionOfRoute, clientIdOf } from '../limits/charged.ts';
import type { HubLimits } from '../limits/hub-limits.ts';
import { ByteAnswer } from './byte-answer.ts';
import { checkAddress } from './check-address.ts';
import { picturePolicy } from './headers.ts';
import type { IncomingBytes } from './incoming-bytes.ts';
import { obey } from './obey.ts';
import { JsonText, type Handlers } from './handler.ts';

export interface RegisterOptions {
  readonly handlers: Handlers;
  readonly limits: Pick<HubLimits, 'act'>;
  readonly incoming: IncomingBytes;
  /** How long a request may take. */
  readonly limitMs: number;
  /** Whether browsers reach the hub by https. */
  readonly secure: boolean;
}

/** Any of the handlers: which values go to which is made sure of by the schemas of its own route. */
type AnyHandler = (ask: never) => Promise<unknown>;

const json = 'application/json; charset=utf-8';
const none = z.strictObject({});

const patient: ReadonlySet<RouteName> = new Set<RouteName>([
  'writeFile',
  'finishFile',
  'importLines',
  'readBackup',
  'readExport',
]);
const patientMs = 60_000;

/** Registers the routes of the protocol, with what its table says of each. */
export function registerRoutes(app: FastifyInstance, options: RegisterOptions): void {
  for (const route of routeList) {
    const handler: AnyHandler = options.handlers[route.name];
    app.route({
      method: route.method,
      url: `${restPrefix}${route.path.replaceAll(/\{(\w+)\}/g, ':$1')}`,
      config: { route },
      ...(typeof route.body === 'string' && takingBytes(route, options.incoming)),
      handler: (request, reply) => answer(route, handler, request, reply, options),
    });
  }
}

function takingBytes(route: NamedRoute, incoming: IncomingBytes) {
  return {
    bodyLimit: bounds.filePart,
    preParsing: async (request: FastifyRequest, reply: FastifyReply) => incoming.admit(route, request, reply),
    onResponse: async (request: FastifyRequest) => incoming.over(request),
  };
}

async function answer(
  route: NamedRoute,
  handler: AnyHandler,
  request: FastifyRequest,
  reply: FastifyReply,
  { limits, incoming, limitMs, secure }: RegisterOptions,
): Promise<FastifyReply> {
  const takesBytes = typeof route.body === 'string';
  const sent = {
    ...checkAddress(route, request),
    body:
      typeof route.body === 'string'
        ? bytesOf(request)
        : checkSent(route.body ?? none, bodyOf(route, request)),
  };
  const { caller, ip: address } = request;
  // For bytes that is done before they are read.
  const action = takesBytes ? undefined : actionOfRoute(route);
  if (action !== undefined && caller !== undefined)
    obey(reply, await limits.act(action, caller, clientIdOf(sent.body)));
  const userAgent = request.headers['user-agent'];
  const setSession = (secret: Secret | undefined): void => {
    const https = secure || request.protocol === 'https';
    reply.header('set-cookie', sessionCookie(secret?.reveal(), https));
  };
  const { headers } = request;
  const given = {
    ...sent,
    caller,
    headers,
    headOnly: request.method === 'HEAD',
    address,
    userAgent,
    setSession,
  };
  const value = await withDeadline(
    // Much is read and written by some.
    patient.has(route.name) ? Math.max(limitMs, patientMs) : limitMs,
    // oxlint-disable-next-line typescript/no-unsafe-type-assertion -- see AnyHandler
    (signal) => incoming.hold(request, () => handler({ ...given, signal } as never)),
    { what: 'the request', onLate: forget },
  );
  return encode(reply.code(route.status), route, value);
}

/** Nobody waits for what came too late: what is open of it is closed. */
function forget(outcome: { readonly status: string; readonly value?: unknown }): void {
  if (outcome.value instanceof ByteAnswer) outcome.value.forget();
}

function bytesOf({ body }: FastifyRequest): Buffer {
  if (Buffer.isBuffer(body)) return body;
  throw new HubError('UNSUPPORTED_MEDIA', 'the body must be application/octet-stream');
}

/** Some programs send an empty object where nothing is to be said. */
function bodyOf(route: NamedRoute, { body }: FastifyRequest): unknown {
  return route.body === undefined && body === undefined ? {} : body;
}

function encode(reply: FastifyReply, route: NamedRoute, value: unknown): FastifyReply {
  if (value === undefined) return reply.send();
  if (value instanceof ByteAnswer) return value.send(reply);
  if (typeof route.reply === 'string') return picture(reply, route.reply).send(value);
  return reply.type(json).send(value instanceof JsonText ? value.text : JSON.stringify(value));
}

/** Always the same for the same address; and a browser that is led there opens a picture, never a page of this hub. */
function picture(reply: FastifyReply, type: string): FastifyReply {
  const headers = { 'content-security-policy': picturePolicy, 'cache-control': 'private, max-age=86400' };
  return reply.type(`${type}; charset=utf-8`).headers(headers);
}
