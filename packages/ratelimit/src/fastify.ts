import type { IncomingMessage } from 'node:http';
import { requestLimit, type RequestLimitOptions, type Ruling } from './http-limit.ts';
import { answered, isListField, nodeCaller, type Answer } from './http-node.ts';
import { problemType } from './http-problem.ts';
import type { Limiter } from './limiter.ts';

/** What is used of a request of Fastify. */
export interface LimitedRequest {
  readonly raw: Pick<IncomingMessage, 'socket' | 'headers'>;
}

/** What is used of a reply of Fastify. */
export interface LimitedReply {
  readonly raw: Answer;
  readonly sent: boolean;
  getHeader(name: string): number | string | string[] | undefined;
  header(name: string, value: string): unknown;
  code(status: number): unknown;
  send(body: unknown): unknown;
}

export interface FastifyLimitOptions<
  Name extends string,
  Request extends LimitedRequest,
  Reply extends LimitedReply,
> extends RequestLimitOptions<Name, Request> {
  /** What is sent to who is denied. Headers and status are set already. @default problem+json */
  readonly respond?: ((request: Request, reply: Reply, ruling: Ruling<Name>) => unknown) | undefined;
}

/** An `onRequest` hook, or a `preHandler` where who asks is known only then. */
export type LimitHook<Request extends LimitedRequest, Reply extends LimitedReply> = (
  request: Request,
  reply: Reply,
) => Promise<unknown>;

/**
 * A hook of Fastify, for one route or for all. The verdict is at `requestVerdict(request)`; slots are held until the response was sent.
 */
export function fastifyLimit<
  Name extends string,
  Request extends LimitedRequest = LimitedRequest,
  Reply extends LimitedReply = LimitedReply,
>(
  limiter: Limiter<Name>,
  options: FastifyLimitOptions<NoInfer<Name>, Request, Reply>,
): LimitHook<NoInfer<Request>, NoInfer<Reply>> {
  const decide = requestLimit<Name, Request>(limiter, options);
  return async (request, reply) => {
    const ruling = await decide(request, nodeCaller(request.raw));
    if (ruling === undefined) return undefined;
    ruling.hold(() => answered(reply.raw, request.raw));
    if (reply.sent) return reply;
    for (const [name, value] of Object.entries(ruling.headers)) {
      const before = isListField(name) ? reply.getHeader(name) : undefined;
      reply.header(name, before === undefined ? value : `${String(before)}, ${value}`);
    }
    const { problem } = ruling;
    if (problem === undefined) return undefined;
    reply.code(problem.status);
    if (options.respond === undefined) {
      reply.header('Content-Type', problemType);
      reply.send(JSON.stringify(problem));
    } else {
      const body = await options.respond(request, reply, ruling);
      if (!reply.sent) reply.send(body);
    }
    // That it was answered: nothing comes after it.
    return reply;
  };
}

/** What is used of an instance of Fastify. */
export interface LimitedInstance<Request extends LimitedRequest, Reply extends LimitedReply> {
  addHook(name: 'onRequest', hook: LimitHook<Request, Reply>): unknown;
}

/**
 * The same as a plugin: all routes of the instance that it is registered with are limited, those of other plugins in it too.
 */
export function fastifyLimits<
  Name extends string,
  Request extends LimitedRequest = LimitedRequest,
  Reply extends LimitedReply = LimitedReply,
>(
  limiter: Limiter<Name>,
  options: FastifyLimitOptions<NoInfer<Name>, Request, Reply>,
): (instance: LimitedInstance<NoInfer<Request>, NoInfer<Reply>>) => Promise<void> {
  const hook = fastifyLimit<Name, Request, Reply>(limiter, options);
  const plugin = async (instance: LimitedInstance<Request, Reply>): Promise<void> => {
    instance.addHook('onRequest', hook);
  };
  // By these Fastify knows a plugin that is for the instance itself, and what it is called.
  return Object.assign(plugin, {
    [Symbol.for('skip-override')]: true,
    [Symbol.for('fastify.display-name')]: '@parley/ratelimit',
  });
}
