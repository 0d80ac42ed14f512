import { requestLimit, type RequestLimitOptions, type Ruling } from './http-limit.ts';
import { isListField } from './http-node.ts';
import { problemType } from './http-problem.ts';
import type { Limiter } from './limiter.ts';

/** What is used of a context of Hono. */
export interface LimitedContext {
  readonly req: { header(name: string): string | undefined };
  readonly res: { readonly headers: { has(name: string): boolean } };
  readonly env: unknown;
  header(name: string, value: string, options?: { append?: boolean }): void;
}

export interface HonoLimitOptions<
  Name extends string,
  Context extends LimitedContext,
> extends RequestLimitOptions<Name, Context> {
  /** From which address the connection is. @default as `@hono/node-server` knows it; elsewhere all requests count together without it */
  readonly address?: ((context: Context) => string | undefined) | undefined;
  /** Answers who is denied. Headers are added to it, where it does not have them already. @default problem+json */
  readonly respond?: ((context: Context, ruling: Ruling<Name>) => Response | Promise<Response>) | undefined;
}

/**
 * Middleware of Hono. The verdict is at `requestVerdict(context)`; slots are held until the handler has answered, without what it streams after.
 */
export function honoLimit<Name extends string, Context extends LimitedContext = LimitedContext>(
  limiter: Limiter<Name>,
  options: HonoLimitOptions<NoInfer<Name>, Context>,
): (context: NoInfer<Context>, next: () => Promise<void>) => Promise<Response | undefined> {
  const decide = requestLimit<Name, Context>(limiter, options);
  const { address = nodeAddress, respond } = options;
  return async (context, next) => {
    const ruling = await decide(context, {
      address: address(context),
      header: (name) => context.req.header(name),
    });
    if (ruling === undefined) {
      await next();
      return undefined;
    }
    const { problem } = ruling;
    if (problem !== undefined) {
      const answer =
        respond === undefined
          ? Response.json(problem, { status: problem.status, headers: { 'content-type': problemType } })
          : await respond(context, ruling);
      return withHeaders(answer, ruling.headers);
    }
    const answering = Promise.withResolvers<void>();
    ruling.hold(() => answering.promise);
    try {
      await next();
    } finally {
      answering.resolve();
    }
    // Afterwards, so that they are there whatever the handler made. A limit behind this one has told its own by then, which count.
    for (const [name, value] of Object.entries(ruling.headers)) {
      if (isListField(name)) context.header(name, value, { append: true });
      else if (!context.res.headers.has(name)) context.header(name, value);
    }
    return undefined;
  };
}

/** Another response, since some cannot be changed. */
function withHeaders(response: Response, headers: Readonly<Record<string, string>>): Response {
  const all = new Headers(response.headers);
  for (const [name, value] of Object.entries(headers))
    if (isListField(name) || !all.has(name)) all.append(name, value);
  return new Response(response.body, { status: response.status, headers: all });
}

function nodeAddress({ env }: LimitedContext): string | undefined {
  const incoming = property(env, 'incoming');
  const address = property(property(incoming, 'socket'), 'remoteAddress');
  return typeof address === 'string' ? address : undefined;
}

const property = (of: unknown, name: string): unknown =>
  typeof of === 'object' && of !== null ? Reflect.get(of, name) : undefined;
