import { HubError } from '@parley/hub-protocol';
import type { FastifyInstance, HTTPMethods } from 'fastify';

const methods = ['GET', 'HEAD', 'POST', 'PUT', 'PATCH', 'DELETE', 'OPTIONS'] as const;

/**
 * Addresses that are there, asked by a method that they do not know, say so. Called before the first route is registered; what it answers, after
 * the last one.
 */
export function watchMethods(app: FastifyInstance): () => void {
  const known = new Map<string, Set<string>>();
  app.addHook('onRoute', ({ url, method }) => {
    const there = known.get(url) ?? new Set<string>();
    for (const one of [method].flat()) there.add(one);
    known.set(url, there);
  });
  return () => {
    for (const [url, there] of Array.from(known)) {
      const other: HTTPMethods[] = methods.filter((method) => !there.has(method));
      const allow = [...there].toSorted().join(', ');
      app.route({
        method: other,
        url,
        // Before the body is read: whatever it is, it is not wanted.
        onRequest: async (_, reply) => {
          reply.header('allow', allow);
          throw new HubError('METHOD_NOT_ALLOWED', `this address knows ${allow}`);
        },
        handler: async () => undefined,
      });
    }
  };
}
