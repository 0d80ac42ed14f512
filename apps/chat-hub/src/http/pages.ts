import { createHash } from 'node:crypto';
import { readFileSync } from 'node:fs';
import type { FastifyInstance } from 'fastify';

/** The page that comes with the hub, until a better one does. */
const files = [
  { url: '/', file: 'index.html', type: 'text/html; charset=utf-8' },
  { url: '/hub.css', file: 'hub.css', type: 'text/css; charset=utf-8' },
  { url: '/hub.js', file: 'hub.js', type: 'text/javascript; charset=utf-8' },
  { url: '/api.js', file: 'api.js', type: 'text/javascript; charset=utf-8' },
] as const;

const folder = new URL('../../page/', import.meta.url);

/** @param name of the workspace */
export function pages(app: FastifyInstance, name: string): void {
  for (const { url, file, type } of files) {
    const text = readFileSync(new URL(file, folder), 'utf8');
    const body = file === 'index.html' ? text.replaceAll('{{name}}', escaped(name)) : text;
    const etag = `"${createHash('sha256').update(body).digest('base64url').slice(0, 22)}"`;
    app.get(url, async (request, reply) => {
      // Kept, and asked for each time whether it is still the same.
      reply.headers({ etag, 'cache-control': 'no-cache' });
      const known = request.headers['if-none-match']?.split(',').map((tag) => tag.trim().replace(/^W\//, ''));
      if (known?.includes(etag) === true) return reply.code(304).send();
      return reply.type(type).send(body);
    });
  }
}

function escaped(text: string): string {
  return text
    .replaceAll('&', '&amp;')
    .replaceAll('<', '&lt;')
    .replaceAll('>', '&gt;')
    .replaceAll('"', '&quot;');
}
