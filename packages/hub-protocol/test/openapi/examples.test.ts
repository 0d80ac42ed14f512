import { callExamples, exampleOf } from '@parley/hub-protocol/openapi';
import { routeList } from '@parley/hub-protocol/rest';
import { describe, expect, it } from 'vitest';

/** Of a part that a route does not have, nothing is given. */
function read(schema: { parse(value: unknown): unknown } | string | undefined, value: unknown): unknown {
  if (schema === undefined) return undefined;
  return typeof schema === 'string' ? String(value) : schema.parse(value);
}

it('there is an example of every route, and of nothing else', () => {
  expect(Object.keys(callExamples).toSorted()).toEqual(routeList.map(({ name }) => name).toSorted());
});

describe.each(routeList.map((route) => [route.name, route] as const))('the example of %s', (name, route) => {
  const { params, query = route.query && {}, body, reply } = exampleOf(name);

  it('is a call that the hub takes', () => {
    expect({ params, query, body }).toEqual({
      params: read(route.params, params),
      query: read(route.query, query),
      body: read(route.body, body),
    });
  });

  it('is an answer as clients read it', () => {
    expect(reply).toEqual(read(route.reply, reply));
  });
});
