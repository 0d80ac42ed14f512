import { checkSent } from '@parley/hub-protocol';
import type { NamedRoute } from '@parley/hub-protocol/rest';
import type { FastifyRequest } from 'fastify';
import * as z from 'zod/mini';

const none = z.strictObject({});

/**
 * What the address of a request says, once it is known to be what its route takes.
 *
 * @throws {HubError} `INVALID`
 */
export function checkAddress(
  route: NamedRoute,
  { params, query }: Pick<FastifyRequest, 'params' | 'query'>,
): { readonly params: unknown; readonly query: unknown } {
  return { params: checkSent(route.params ?? none, params), query: checkSent(route.query ?? none, query) };
}
