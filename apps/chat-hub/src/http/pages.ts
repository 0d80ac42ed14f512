import { join, sep } from 'node:path';
import type { FastifyInstance, FastifyReply, FastifyRequest } from 'fastify';
import { webFolder } from '../program/build-pages.ts';
import { encodingFor, readWebFiles, webFile, type WebFile } from './web-files.ts';

export interface PageOptions {
  /** Of the workspace. */
  readonly name: string;
  /** Whether somebody owns it: until then the page asks for the set-up code. */
  readonly isOwned: () => Promise<boolean>;
}

/** The pages for people: one that is asked for anew each time, and what it consists of, which is kept for ever. */
export function pages(app: FastifyInstance, { name, isOwned }: PageOptions): void {
  const files = readWebFiles(join(webFolder, 'dist') + sep);
  const entrance = files.get('index.html');
  if (entrance === undefined) {
    const text = 'The pages are not built. `npm run build` builds them, and so does `npm start`.\n';
    app.get('/', async (_, reply) => reply.code(503).type('text/plain; charset=utf-8').send(text));
    return;
  }
  const filled = (owned: boolean): WebFile => {
    const template = entrance.bytes.toString('utf8');
    const text = template.replaceAll('{{name}}', escaped(name)).replaceAll('{{owned}}', String(owned));
    return webFile(Buffer.from(text), entrance.type);
  };
  const [page, first] = [filled(true), filled(false)];
  app.get('/', async (request, reply) => send(request, reply, (await isOwned()) ? page : first, 'no-cache'));
  for (const [path, file] of files) {
    if (path === 'index.html') continue;
    // The name of an asset changes with what is in it.
    const keep = path.startsWith('assets/') ? 'public, max-age=31536000, immutable' : 'no-cache';
    app.get(`/${path}`, async (request, reply) => send(request, reply, file, keep));
  }
}

async function send(
  { headers }: FastifyRequest,
  reply: FastifyReply,
  file: WebFile,
  keep: string,
): Promise<FastifyReply> {
  reply.headers({ etag: file.etag, 'cache-control': keep, vary: 'accept-encoding' });
  const known = headers['if-none-match']?.split(',').map((tag) => tag.trim().replace(/^W\//, ''));
  if (known?.includes(file.etag) === true) return reply.code(304).send();
  const encoding = encodingFor([headers['accept-encoding']].flat().join(','));
  if (encoding === undefined) return reply.type(file.type).send(file.bytes);
  return reply
    .header('content-encoding', encoding)
    .type(file.type)
    .send(await file.packed(encoding));
}

function escaped(text: string): string {
  return text
    .replaceAll('&', '&amp;')
    .replaceAll('<', '&lt;')
    .replaceAll('>', '&gt;')
    .replaceAll('"', '&quot;');
}
