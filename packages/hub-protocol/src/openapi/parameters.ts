import * as z from 'zod/mini';
import type { Route } from '../rest/route.ts';
import { jsonSchemas, type JsonSchema } from './json-schema.ts';

export interface Parameter {
  readonly name: string;
  readonly in: 'path' | 'query';
  readonly required: boolean;
  readonly schema: JsonSchema;
  /** Of a list: its items come in one text, with commas between them. */
  readonly style?: 'form';
  readonly explode?: false;
}

export function pathParameters({ params }: Route): Parameter[] {
  return parameters('path', params);
}

export function queryParameters({ query }: Route): Parameter[] {
  return parameters('query', query);
}

function parameters(place: Parameter['in'], fields: z.ZodMiniObject | undefined): Parameter[] {
  return Object.entries(fields?.shape ?? {}).map(([name, schema]) => {
    // Read as what it becomes, not as the text that it is in an address.
    const { parameter = {} } = jsonSchemas({ parameter: schema }, 'received');
    const required = !z.safeParse(schema, undefined).success;
    const list = parameter.type === 'array' ? ({ style: 'form', explode: false } as const) : {};
    return { name, in: place, required, schema: parameter, ...list };
  });
}
