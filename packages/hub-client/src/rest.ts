import {
  anySignal,
  exponentialBackoff,
  isParleyError,
  requireMs,
  withDeadline,
  type Clock,
  type Random,
} from '@parley/cache-core/kernel';
import { codeOfStatus, HubError, isHubError, problemReader, readReceived } from '@parley/hub-protocol';
import {
  routePath,
  searchOf,
  type Call,
  type calls,
  type RouteBody,
  type RouteName,
  type RouteParams,
  type RouteQuery,
  type RouteReply,
} from '@parley/hub-protocol/rest';

type Field<K extends string, V> = undefined extends V
  ? { [P in K]?: V }
  : Partial<V> extends V
    ? { [P in K]?: V }
    : { [P in K]: V };

/** What a call is made with: what the path, the query and the body of its route ask for. */
export type CallArguments<N extends RouteName> = Field<'params', RouteParams<N>> &
  Field<'query', RouteQuery<N>> &
  Field<'body', RouteBody<N>> & {
    /** Gives the call up. */
    signal?: AbortSignal | undefined;
    /** Milliseconds, with all attempts. */
    deadlineMs?: number | undefined;
  };

type Required<N extends RouteName> =
  Partial<CallArguments<N>> extends CallArguments<N> ? [CallArguments<N>?] : [CallArguments<N>];

/** Calls a route by its name: one of those that every client carries, if nothing else is said. */
export type CallRoute<Names extends RouteName = keyof typeof calls> = <N extends Names>(
  name: N,
  ...given: Required<N>
) => Promise<RouteReply<N>>;

export interface RestOptions<Names extends RouteName = RouteName> {
  /** What can be called. */
  readonly calls: Readonly<Record<Names, Call>>;
  readonly url: URL;
  readonly token: () => Promise<string | undefined>;
  readonly fetch: typeof fetch;
  readonly deadlineMs: number;
  /** Ends all calls, with its reason. */
  readonly closed?: AbortSignal | undefined;
  /** Those that are neither GET, PUT nor DELETE, and mean the same when they come twice. @default those that every client carries */
  readonly repeatable?: ReadonlySet<RouteName> | undefined;
  readonly clock: Clock;
  readonly random: Random;
}

interface Given {
  readonly params?: Readonly<Record<string, string>>;
  readonly query?: Readonly<Record<string, string | number | boolean | undefined>>;
  readonly body?: unknown;
  readonly signal?: AbortSignal | undefined;
  readonly deadlineMs?: number | undefined;
}

/** Of what every client carries. */
const talk: ReadonlySet<RouteName> = new Set<RouteName>([
  'sendMessage',
  'editMessage',
  'finishMessage',
  'openDirect',
  'joinChannel',
  'leaveChannel',
  'archiveChannel',
  'unarchiveChannel',
  'updateMe',
]);

/** Refused before anything was done. */
const untouched = new Set<string>(['RATE_LIMITED', 'DRAINING']);

const mostAttempts = 5;

export function createRest<Names extends RouteName>(options: RestOptions<Names>): CallRoute<Names> {
  const { clock, random, closed, repeatable = talk } = options;
  const backoff = exponentialBackoff({ baseMs: 200, maxMs: 5_000, random });

  async function perform(name: Names, given: Given = {}): Promise<unknown> {
    const call = options.calls[name];
    const again = repeatable.has(name) || !['POST', 'PATCH'].includes(call.method);
    const limit = requireMs('deadlineMs', given.deadlineMs ?? options.deadlineMs);
    const request = requestOf(options.url, call, given);
    const { signal, dispose } = anySignal([given.signal, closed]);
    const endAt = clock.monotonic() + limit;
    try {
      return await withDeadline(limit, (signal) => attempts(call, request, { again, endAt, signal }), {
        clock,
        what: name,
        signal,
      });
    } catch (error) {
      throw isParleyError(error, 'DEADLINE_EXCEEDED')
        ? new HubError('TIMEOUT', `${name} did not finish within ${limit} ms`, { cause: error })
        : error;
    } finally {
      dispose();
    }
  }

  async function attempts(call: Call, request: Asked, { again, endAt, signal }: Trying): Promise<unknown> {
    for (let failures = 1; ; failures += 1) {
      try {
        return await once(options, call, request, signal);
      } catch (error) {
        const worth = isHubError(error) && error.retryable && (again || untouched.has(error.code));
        if (!worth || failures >= mostAttempts || signal.aborted) throw error;
        const { retryAfter = 0 } = error;
        // When the hub says that it takes longer than there is time, the caller is told that, and not that time was up.
        if (clock.monotonic() + retryAfter > endAt) throw error;
        await clock.sleep(Math.max(backoff(failures), retryAfter), { signal });
      }
    }
  }

  // The table that it is typed by is the one that it reads.
  // oxlint-disable-next-line typescript/no-unsafe-type-assertion
  return perform as unknown as CallRoute<Names>;
}

interface Trying {
  /** Whether it means the same when it comes twice. */
  readonly again: boolean;
  readonly endAt: number;
  readonly signal: AbortSignal;
}

interface Asked {
  readonly address: URL;
  readonly body: string | undefined;
}

/** @throws {HubError} `INVALID`: it is not even asked */
function requestOf(url: URL, call: Call, { params, query, body }: Given): Asked {
  let field = 'params';
  try {
    const path = url.pathname.replace(/\/$/, '') + routePath(call, params) + searchOf(query);
    field = 'body';
    return { address: new URL(path, url), body: body === undefined ? body : JSON.stringify(body) };
  } catch (cause) {
    throw new HubError('INVALID', `${field} cannot be sent`, { field, cause });
  }
}

async function once(
  { token, fetch }: Pick<RestOptions, 'token' | 'fetch'>,
  call: Call,
  { address, body }: Asked,
  signal: AbortSignal,
): Promise<unknown> {
  let secret: string | undefined;
  try {
    secret = await token();
  } catch (cause) {
    throw new HubError('UNAUTHENTICATED', 'no token could be had', { cause });
  }
  let response: Response;
  let text: string;
  try {
    response = await fetch(address, {
      method: call.method,
      headers: {
        ...(secret !== undefined && { authorization: `Bearer ${secret}` }),
        ...(body !== undefined && { 'content-type': 'application/json' }),
      },
      ...(body !== undefined && { body }),
      signal,
    });
    text = await response.text();
  } catch (cause) {
    throw new HubError('UNAVAILABLE', 'the hub cannot be reached', { cause });
  }
  if (!response.ok) throw problemOf(response.status, text);
  const { reply } = call;
  if (reply === undefined) return undefined;
  return typeof reply === 'string' ? text : readable(() => readReceived<unknown>(reply, JSON.parse(text)));
}

export function problemOf(status: number, text: string): HubError {
  try {
    return HubError.fromProblem(readReceived(problemReader, JSON.parse(text)));
  } catch {
    // Not from the hub, but from what stands before it.
    return new HubError(codeOfStatus(status), `the answer has status ${status}`);
  }
}

function readable<T>(read: () => T): T {
  try {
    return read();
  } catch (cause) {
    throw new HubError('INTERNAL', 'the hub answered what cannot be read here', { cause });
  }
}
