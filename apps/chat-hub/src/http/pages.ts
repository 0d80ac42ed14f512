import { createHash } from 'node:crypto';
import { readFileSync } from 'node:fs';
import type { FastifyInstance } from 'fastify';

/** The page that comes with the hub, until a better one does. */
const files = [
  { url: '/', file: 'index.html', type: 'text/html; charset=utf-8' },
  { url: '/hub.css', file: 'hub.css', type: 'text/css; charset=utf-8' },
  { url: '/presence.css', file: 'presence.css', type: 'text/css; charset=utf-8' },
  { url: '/hub.js', file: 'hub.js', type: 'text/javascript; charset=utf-8' },
  { url: '/entrance.js', file: 'entrance.js', type: 'text/javascript; charset=utf-8' },
  { url: '/socket.js', file: 'socket.js', type: 'text/javascript; charset=utf-8' },
  { url: '/roster.js', file: 'roster.js', type: 'text/javascript; charset=utf-8' },
  { url: '/status.js', file: 'status.js', type: 'text/javascript; charset=utf-8' },
  { url: '/dot.js', file: 'dot.js', type: 'text/javascript; charset=utf-8' },
  { url: '/api.js', file: 'api.js', type: 'text/javascript; charset=utf-8' },
] as const;

const folder = new URL('../../page/', import.meta.url);

export interface PageOptions {
  /** Of the workspace. */
  readonly name: string;
  /** Whether somebody owns it: until then the page asks for the set-up code. */
  readonly isOwned: () => Promise<boolean>;
}

interface Body {
  readonly text: string;
  readonly etag: string;
}

export function pages(app: FastifyInstance, { name, isOwned }: PageOptions): void {
  for (const { url, file, type } of files) {
    const template = readFileSync(new URL(file, folder), 'utf8');
    const isEntrance = file === 'index.html';
    const filled = (owned: boolean): string =>
      isEntrance
        ? template.replaceAll('{{name}}', escaped(name)).replaceAll('{{owned}}', String(owned))
        : template;
    const [body, first] = [bodyOf(filled(true)), bodyOf(filled(false))];
    app.get(url, async (request, reply) => {
      const { text, etag } = !isEntrance || (await isOwned()) ? body : first;
      // Kept, and asked for each time whether it is still the same.
      reply.headers({ etag, 'cache-control': 'no-cache' });
      const known = request.headers['if-none-match']?.split(',').map((tag) => tag.trim().replace(/^W\//, ''));
      if (known?.includes(etag) === true) return reply.code(304).send();
      return reply.type(type).send(text);
    });
  }
}

function bodyOf(text: string): Body {
  return { text, etag: `"${createHash('sha256').update(text).digest('base64url').slice(0, 22)}"` };
}

function escaped(text: string): string {
  return text
    .replaceAll('&', '&amp;')
    .replaceAll('<', '&lt;')
    .replaceAll('>', '&gt;')
    .replaceAll('"', '&quot;');
}
