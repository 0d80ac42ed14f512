import { errorCodes, errorKinds } from '../error-codes.ts';
import { errorTitles } from '../problem.ts';
import { restPrefix } from '../rest/prefix.ts';
import { isJson } from '../rest/route.ts';
import { routeList, type NamedRoute } from '../rest/routes.ts';
import { scopeMeanings } from '../roles.ts';
import { components } from './components.ts';
import { exampleOf } from './example-calls.ts';
import { jsonSchemas, refPrefix, type JsonSchema } from './json-schema.ts';
import { queryParameters, pathParameters } from './parameters.ts';

export interface OpenApiOptions {
  /** The version of the hub that speaks. */
  readonly version: string;
  /**
   * Where it is reached from outside.
   *
   * @default '/'
   */
  readonly server?: string;
  /**
   * The cookie of a session.
   *
   * @default 'parley_session'
   */
  readonly cookie?: string;
}

export interface OpenApiDocument {
  readonly openapi: '3.1.0';
  readonly info: Readonly<Record<string, unknown>>;
  readonly servers: ReadonlyArray<{ readonly url: string }>;
  readonly tags: ReadonlyArray<{ readonly name: string }>;
  readonly paths: Readonly<Record<string, Readonly<Record<string, unknown>>>>;
  readonly components: {
    readonly schemas: Readonly<Record<string, JsonSchema>>;
    readonly securitySchemes: Readonly<Record<string, unknown>>;
  };
}

/** The REST interface as OpenAPI 3.1, from the schemas that the hub checks with. */
export function openApi({
  version,
  server = '/',
  cookie = 'parley_session',
}: OpenApiOptions): OpenApiDocument {
  const bodies = routeList.flatMap(({ name, body }) =>
    isJson(body) ? [[`${name}Body`, body] as const] : [],
  );
  const replies = routeList.flatMap(({ name, reply }) =>
    reply && typeof reply !== 'string' ? [[`${name}Reply`, reply] as const] : [],
  );
  const paths: Record<string, Record<string, unknown>> = {};
  for (const route of routeList) {
    const path = `${restPrefix}${route.path}`;
    paths[path] = { ...paths[path], [route.method.toLowerCase()]: operation(route) };
  }
  return {
    openapi: '3.1.0',
    info: {
      title: 'Parley chat hub',
      version,
      description: `People and agents talk here. Live events come over the WebSocket. Scopes: ${Object.entries(
        scopeMeanings,
      )
        .map(([scope, meaning]) => `\`${scope}\`: ${meaning}`)
        .join('; ')}.`,
    },
    servers: [{ url: server }],
    tags: [...new Set(routeList.map(({ group }) => group))].map((name) => ({ name })),
    paths,
    components: {
      schemas: {
        ...jsonSchemas({ ...components(), ...Object.fromEntries(replies) }, 'received'),
        ...jsonSchemas(Object.fromEntries(bodies), 'sent'),
      },
      securitySchemes: {
        token: { type: 'http', scheme: 'bearer' },
        session: { type: 'apiKey', in: 'cookie', name: cookie },
      },
    },
  };
}

function operation(route: NamedRoute): Record<string, unknown> {
  const { name, group, summary, auth, scope, channel, body, form, status } = route;
  const parameters = [...pathParameters(route), ...queryParameters(route)];
  return {
    operationId: name,
    tags: [group],
    summary,
    security:
      auth === 'public' ? [] : auth === 'session' ? [{ session: [] }] : [{ token: [] }, { session: [] }],
    ...(scope !== null && { 'x-scope': scope }),
    ...(channel !== undefined && { 'x-channel-access': channel }),
    ...(parameters.length > 0 && { parameters }),
    ...(body !== undefined && {
      requestBody: {
        required: true,
        content: {
          ...(isJson(body) ? json(`${name}Body`, exampleOf(name).body) : bytes(body)),
          ...(form === true && formOfJson),
        },
      },
    }),
    responses: { [status]: success(route), default: failure(route) },
  };
}

function success({ name, reply }: NamedRoute): Record<string, unknown> {
  if (reply === undefined) return { description: 'Done' };
  if (typeof reply === 'string') return { description: 'Here it is', content: bytes(reply) };
  return { description: 'Here it is', content: json(`${name}Reply`, exampleOf(name).reply) };
}

function failure(route: NamedRoute): Record<string, unknown> {
  const lines = errorsOf(route).map(
    (code) => `- ${errorKinds[code].status} \`${code}\`: ${errorTitles[code]}`,
  );
  return {
    description: lines.join('\n'),
    content: { 'application/problem+json': { schema: { $ref: `${refPrefix}Problem` } } },
  };
}

/** The errors that a route may answer, those that all may answer among them. */
export function errorsOf({ auth, scope, params, body, query, errors = [] }: NamedRoute): typeof errorCodes {
  const known = new Set<(typeof errorCodes)[number]>([
    ...errors,
    'RATE_LIMITED',
    'INTERNAL',
    'UNAVAILABLE',
    'TIMEOUT',
  ]);
  if (auth !== 'public') known.add('UNAUTHENTICATED').add('FORBIDDEN');
  if (scope !== null) known.add('SCOPE_MISSING');
  if (params) known.add('NOT_FOUND');
  if (params || body || query) known.add('INVALID');
  if (body) known.add('MALFORMED').add('TOO_LARGE').add('UNSUPPORTED_MEDIA');
  return errorCodes.filter((code) => known.has(code));
}

/** Text, or bytes: there is no more to say of them. */
function bytes(type: string): Record<string, unknown> {
  return { [type]: { schema: { type: 'string' } } };
}

const formOfJson = {
  'application/x-www-form-urlencoded': {
    schema: { type: 'object', required: ['payload'], properties: { payload: { type: 'string' } } },
  },
};

function json(schema: string, example: unknown): Record<string, unknown> {
  return { 'application/json': { schema: { $ref: `${refPrefix}${schema}` }, example } };
}
