import { routePath, searchOf } from '../rest/address.ts';
import type { NamedRoute } from '../rest/routes.ts';
import { exampleOf } from './example-calls.ts';

const credentials = {
  public: [],
  session: ['-b cookies.txt', '-H "origin: $HUB"'],
  any: ['-H "authorization: Bearer $TOKEN"'],
} as const;

/** The example of a route as one types it. */
export function curlOf(route: NamedRoute): string {
  const { params, query, body } = exampleOf(route.name);
  const words = [
    `curl ${route.method === 'GET' ? '' : `-X ${route.method} `}"$HUB${routePath(route, params)}${searchOf(query)}"`,
    ...credentials[route.auth],
    ...(typeof route.body === 'string'
      ? [`-H 'content-type: ${route.body}'`, `--data-binary '${String(body)}'`]
      : body === undefined
        ? []
        : ["-H 'content-type: application/json'", `-d '${JSON.stringify(body)}'`]),
  ];
  return words.join(' \\\n  ');
}
