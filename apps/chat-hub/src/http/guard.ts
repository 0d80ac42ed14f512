import { HubError, scopesOfRole, type Scope } from '@parley/hub-protocol';
import type { NamedRoute } from '@parley/hub-protocol/rest';
import type { FastifyInstance, FastifyRequest } from 'fastify';
import type { Access } from '../access/access.ts';
import { credentialsIn } from '../access/authenticate.ts';
import type { Caller } from '../access/caller.ts';
import type { HubLimits } from '../limits/hub-limits.ts';
import { obey } from './obey.ts';
import { isOwnOrigin } from './origin.ts';

declare module 'fastify' {
  interface FastifyContextConfig {
    /** What the table of the protocol says of it. */
    route?: NamedRoute;
  }
  interface FastifyRequest {
    caller: Caller | undefined;
  }
}

export interface GuardOptions {
  readonly access: Pick<Access, 'authenticate'>;
  readonly limits: Pick<HubLimits, 'request' | 'isHeldUp'>;
  readonly publicOrigin: string | undefined;
}

/** Who may come in to which route is decided here, before anything of the body is read, and nowhere else. */
export function guard(app: FastifyInstance, { access, limits, publicOrigin }: GuardOptions): void {
  app.decorateRequest('caller', undefined);
  app.addHook('onRequest', async (request, reply) => {
    const { route } = request.routeOptions.config;
    if (route === undefined) return;
    const verdict = limits.request(request.ip);
    const refusal = refusalOfForeignPage(request, route, publicOrigin);
    // Both are asked at once, so that counting takes no time of its own; not for whoever was just held up.
    const mayAsk = route.auth !== 'public' && refusal === undefined && !limits.isHeldUp(request.ip);
    const asking = mayAsk ? access.authenticate(request) : undefined;
    asking?.catch(() => undefined);
    obey(reply, await verdict);
    if (refusal !== undefined) throw refusal;
    if (route.auth === 'public') return;
    const caller = await (asking ?? access.authenticate(request));
    if (caller === undefined) throw new HubError('UNAUTHENTICATED', 'no token or session that is valid');
    request.caller = caller;
    if (route.auth === 'session' && caller.by.kind !== 'session')
      throw new HubError('FORBIDDEN', 'this is for who signed in, and not for tokens');
    if (route.scope !== null) requireScope(caller, route.scope);
  });
}

/** A browser adds the cookie to what other sites ask for, too. Tokens it does not add. */
function refusalOfForeignPage(
  { headers }: FastifyRequest,
  { method, auth }: NamedRoute,
  publicOrigin: string | undefined,
): HubError | undefined {
  if (method === 'GET' || isOwnOrigin(headers, publicOrigin)) return undefined;
  const kind = credentialsIn(headers)?.kind;
  // Programs tell no origin; a page that does must not sign anybody in here without their knowing.
  const refused = kind === 'session' || (auth === 'public' && headers.origin !== undefined);
  return refused
    ? new HubError('ORIGIN_REFUSED', 'the request does not come from a page of this hub')
    : undefined;
}

function requireScope(caller: Caller, scope: Scope): void {
  if (caller.scopes.includes(scope)) return;
  if (scopesOfRole[caller.role].includes(scope))
    throw new HubError('SCOPE_MISSING', `the token was not made with the scope ${scope}`);
  throw new HubError('FORBIDDEN', `a user with the role ${caller.role} has no scope ${scope}`);
}
