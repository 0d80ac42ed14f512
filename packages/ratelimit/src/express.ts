import type { IncomingMessage, ServerResponse } from 'node:http';
import { requestLimit, type RequestLimitOptions, type Ruling } from './http-limit.ts';
import { answered, isListField, nodeCaller } from './http-node.ts';
import { problemType } from './http-problem.ts';
import type { Limiter } from './limiter.ts';

export {
  expressRateLimitStore,
  type ClientRateLimit,
  type ExpressRateLimitStore,
  type ExpressRateLimitStoreOptions,
} from './express-store.ts';

export interface ExpressLimitOptions<
  Name extends string,
  Request extends IncomingMessage,
  Response extends ServerResponse,
> extends RequestLimitOptions<Name, Request> {
  /** Answers who is denied. Headers and status are set already. @default problem+json */
  readonly respond?:
    | ((request: Request, response: Response, ruling: Ruling<Name>) => void | PromiseLike<void>)
    | undefined;
}

/**
 * Middleware of Express, and of whatever else has `(request, response, next)` of Node. The verdict is at `requestVerdict(request)`; slots are
 * held until the response was sent.
 */
export function expressLimit<
  Name extends string,
  Request extends IncomingMessage = IncomingMessage,
  Response extends ServerResponse = ServerResponse,
>(
  limiter: Limiter<Name>,
  options: ExpressLimitOptions<NoInfer<Name>, Request, Response>,
): (request: NoInfer<Request>, response: NoInfer<Response>, next: (error?: unknown) => void) => void {
  const decide = requestLimit<Name, Request>(limiter, options);
  /** Whether the request goes on. */
  const pass = async (request: Request, response: Response): Promise<boolean> => {
    const ruling = await decide(request, nodeCaller(request));
    if (ruling === undefined) return true;
    ruling.hold(() => answered(response, request));
    const { problem } = ruling;
    // What was answered meanwhile, as by a time limit, stays.
    if (response.writableEnded || response.destroyed) return false;
    if (response.headersSent) {
      // It has begun, as a stream of events does, and no status can be told any more.
      if (problem !== undefined) response.end();
      return problem === undefined;
    }
    for (const [name, value] of Object.entries(ruling.headers)) {
      if (isListField(name)) response.appendHeader(name, value);
      else response.setHeader(name, value);
    }
    if (problem === undefined) return true;
    response.statusCode = problem.status;
    if (options.respond === undefined)
      response.setHeader('Content-Type', problemType).end(JSON.stringify(problem));
    else await options.respond(request, response, ruling);
    return false;
  };
  const handle = async (
    request: Request,
    response: Response,
    next: (error?: unknown) => void,
  ): Promise<void> => {
    let goesOn: boolean;
    try {
      goesOn = await pass(request, response);
    } catch (error) {
      next(error);
      return;
    }
    // What this throws is of whatever comes next, and no error of the limit.
    if (goesOn) next();
  };
  return (request, response, next) => void handle(request, response, next);
}
