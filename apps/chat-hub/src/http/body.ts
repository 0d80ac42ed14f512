import { HubError } from '@parley/hub-protocol';
import type { FastifyInstance } from 'fastify';

const utf8 = new TextDecoder('utf-8', { fatal: true, ignoreBOM: false });

/** Bodies are JSON in UTF-8 and nothing else. Keys that change prototypes stay as they are: the check of the route refuses them by name. */
export function readBodies(app: FastifyInstance): void {
  app.removeAllContentTypeParsers();
  app.addContentTypeParser('application/json', { parseAs: 'buffer' }, (_, body, done) => {
    try {
      done(null, parse(typeof body === 'string' ? Buffer.from(body) : body));
    } catch (cause) {
      done(new HubError('MALFORMED', 'the body is not JSON in UTF-8', { cause }));
    }
  });
}

function parse(body: Buffer): unknown {
  const text = utf8.decode(body);
  // A program that always names the type, also where it sends nothing.
  return text === '' ? undefined : JSON.parse(text);
}
