import { HubError } from '@parley/hub-protocol';
import type { FastifyInstance } from 'fastify';

const octets = 'application/octet-stream';
const form = 'application/x-www-form-urlencoded';

const bodiless: ReadonlySet<string> = new Set(['GET', 'HEAD']);

const utf8 = new TextDecoder('utf-8', { fatal: true, ignoreBOM: false });

/** Bodies are JSON in UTF-8, or bytes or forms on the routes that take them, and nothing else. Keys that change prototypes stay as they are: the check of the route refuses them by name. */
export function readBodies(app: FastifyInstance): void {
  app.removeAllContentTypeParsers();
  requireType(app);
  app.addContentTypeParser(octets, { parseAs: 'buffer' }, (_, body, done) => done(null, body));
  app.addContentTypeParser('application/json', { parseAs: 'buffer' }, (_, body, done) => {
    try {
      done(null, parse(textOf(body)));
    } catch (cause) {
      done(new HubError('MALFORMED', 'the body is not JSON in UTF-8', { cause }));
    }
  });
  app.addContentTypeParser(form, { parseAs: 'buffer' }, (_, body, done) => {
    try {
      done(null, parse(new URLSearchParams(textOf(body)).get('payload') ?? ''));
    } catch (cause) {
      done(new HubError('MALFORMED', 'the field payload of the form is not JSON in UTF-8', { cause }));
    }
  });
}

/** What comes to which route is known by its type, before anything of it is read. */
function requireType(app: FastifyInstance): void {
  app.addHook('preParsing', async (request) => {
    const { route } = request.routeOptions.config;
    const type = request.headers['content-type'];
    // Programs that always name a type name it also where nothing is sent.
    if (route === undefined || type === undefined || bodiless.has(request.method)) return;
    const takes = typeof route.body === 'string';
    const isStrangeForm = route.form !== true && type.toLowerCase().startsWith(form);
    if (isStrangeForm || takes !== type.startsWith(octets))
      throw new HubError('UNSUPPORTED_MEDIA', `a body must be ${takes ? octets : 'application/json'}`);
  });
}

function textOf(body: string | Buffer): string {
  return typeof body === 'string' ? body : utf8.decode(body);
}

function parse(text: string): unknown {
  // A program that always names the type, also where it sends nothing.
  return text === '' ? undefined : JSON.parse(text);
}
