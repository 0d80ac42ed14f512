import { limits } from '../limits.ts';
import { channelAccess } from '../access.ts';
import { restPrefix } from '../rest/prefix.ts';
import { isJson } from '../rest/route.ts';
import { routeList, type NamedRoute } from '../rest/routes.ts';
import { jsonSchemas } from './json-schema.ts';
import { curlOf } from './curl.ts';
import { exampleOf } from './example-calls.ts';
import { code, generated, page, span } from './markdown.ts';
import { errorsOf } from './openapi.ts';
import { pathParameters, queryParameters, type Parameter } from './parameters.ts';
import { boundsText, typeText } from './type-text.ts';

const who = {
  public: 'Anybody',
  session: 'People who signed in (no tokens)',
  any: 'A session or a token',
} as const;

/** The page on the REST interface. */
export function restMarkdown(): string {
  const groups = [...new Set(routeList.map(({ group }) => group))];
  const body = page([
    'The same as [OpenAPI 3.1](https://spec.openapis.org/oas/v3.1.0) is answered by every hub at `/api/v1/openapi.json`. Bodies are JSON; fields that are not listed are refused by their name. Values are told under [events](./hub-events.md#the-values); errors, scopes and limits under [rules](./hub-rules.md).',
    'In the examples, `$HUB` is the address of the hub and `$TOKEN` the secret of a token. [The hub from any program](../guide/hub-from-any-program.md) shows a whole conversation.',
    ...groups.flatMap((group) => [
      `## ${group}`,
      ...routeList.filter((route) => route.group === group).map(routeSection),
    ]),
  ]);
  return generated('Hub REST interface', body);
}

function routeSection(route: NamedRoute): string {
  const { name, method, path, summary, status } = route;
  return page([
    `### ${name}`,
    `${span(`${method} ${restPrefix}${path}`)}: ${summary}.`,
    `${access(route)}. Answers ${status}; errors: ${errorsOf(route).map(span).join(', ')}.`,
    parameterLines('In the path', pathParameters(route)),
    parameterLines('In the query', queryParameters(route)),
    bodyText(route),
    replyText(route),
    code('sh', curlOf(route)),
    exampleReply(route),
  ]).trim();
}

function access({ auth, scope, channel }: NamedRoute): string {
  return [
    who[auth],
    scope === null ? '' : ` with the scope ${span(scope)}`,
    channel === undefined ? '' : `; in the channel: ${channelAccess[channel]}`,
  ].join('');
}

function parameterLines(title: string, parameters: readonly Parameter[]): string | undefined {
  if (parameters.length === 0) return undefined;
  const lines = parameters.map(({ name, required, schema }) => {
    const facts = [typeText(schema), boundsText(schema), required ? '' : 'may be left out'];
    return `- ${span(name)}: ${facts.filter((fact) => fact !== '').join(', ')}`;
  });
  return `${title}:\n\n${lines.join('\n')}`;
}

function bodyText({ name, body }: NamedRoute): string | undefined {
  if (body === undefined) return undefined;
  if (!isJson(body)) return `The body is of the type ${span(body)}, with at most ${limits.filePart} bytes.`;
  return `The body:\n\n${code('ts', typeText(jsonSchemas({ [name]: body }, 'sent')[name] ?? {}))}`;
}

function replyText({ name, reply }: NamedRoute): string | undefined {
  if (reply === undefined) return undefined;
  if (typeof reply === 'string') return `The reply is of the type ${span(reply)}.`;
  return `The reply:\n\n${code('ts', typeText(jsonSchemas({ [name]: reply }, 'received')[name] ?? {}))}`;
}

function exampleReply({ name, reply }: NamedRoute): string | undefined {
  if (reply === undefined || typeof reply === 'string') return undefined;
  return code('json', JSON.stringify(exampleOf(name).reply));
}
