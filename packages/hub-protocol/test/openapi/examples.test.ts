import { callExamples, exampleOf } from '@parley/hub-protocol/openapi';
import { routeList } from '@parley/hub-protocol/rest';
import { describe, expect, it } from 'vitest';

it('there is an example of every route, and of nothing else', () => {
  expect(Object.keys(callExamples).toSorted()).toEqual(routeList.map(({ name }) => name).toSorted());
});

describe.each(routeList.map((route) => [route.name, route] as const))('the example of %s', (name, route) => {
  const { params, query, body, reply } = exampleOf(name);

  it('is a call that the hub takes', () => {
    for (const [schema, value] of [
      [route.params, params],
      [route.query, query ?? {}],
      [route.body, body],
    ] as const) {
      if (schema === undefined) expect(value ?? {}).toEqual({});
      else expect(schema.parse(value)).toEqual(value);
    }
  });

  it('is an answer as clients read it', () => {
    if (route.reply === undefined) expect(reply).toBeUndefined();
    else if (typeof route.reply === 'string') expect(reply).toEqual(expect.any(String));
    else expect(route.reply.parse(reply)).toEqual(reply);
  });
});
