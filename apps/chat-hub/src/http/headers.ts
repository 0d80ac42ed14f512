import type { FastifyInstance } from 'fastify';

/** Pages load their own files and nothing else, run nothing that is written into them, and stand in nobody's frame. */
const pagePolicy = [
  "default-src 'none'",
  "script-src 'self'",
  "style-src 'self'",
  "img-src 'self' https: data: blob:",
  "connect-src 'self'",
  "base-uri 'none'",
  "form-action 'self'",
  "frame-ancestors 'none'",
].join('; ');

/** A picture that a browser opens on its own runs nothing either. */
export const picturePolicy = "default-src 'none'; sandbox; frame-ancestors 'none'";

export function secureHeaders(app: FastifyInstance, { https }: { readonly https: boolean }): void {
  app.addHook('onRequest', async (request, reply) => {
    reply.headers({
      'content-security-policy': pagePolicy,
      'x-content-type-options': 'nosniff',
      'referrer-policy': 'no-referrer',
      'cross-origin-opener-policy': 'same-origin',
      'cross-origin-resource-policy': 'same-origin',
      'cache-control': 'no-store',
      'x-request-id': request.id,
      ...(https && { 'strict-transport-security': 'max-age=31536000' }),
    });
  });
}
