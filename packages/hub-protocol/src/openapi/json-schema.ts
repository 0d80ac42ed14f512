import * as core from 'zod/v4/core';
import { readEnvelopeSchema } from '../events/parse-event.ts';
import { components } from './components.ts';

export type JsonSchema = core.JSONSchema.BaseSchema;

export const refPrefix = '#/components/schemas/';

/**
 * The JSON Schemas of some zod schemas by their names, which refer to the named values. `sent` says what may be sent, `received` what
 * is received.
 */
export function jsonSchemas(
  schemas: Readonly<Record<string, core.$ZodType>>,
  mode: 'sent' | 'received',
): Record<string, JsonSchema> {
  const registry = core.registry<{ id: string }>();
  for (const [id, schema] of Object.entries(components())) registry.add(schema, { id });
  for (const [id, schema] of Object.entries(schemas)) if (!registry.has(schema)) registry.add(schema, { id });
  const converted = core.toJSONSchema(registry, {
    uri: (id) => `${refPrefix}${id}`,
    io: mode === 'sent' ? 'input' : 'output',
    unrepresentable: 'any',
    override: ({ zodSchema, jsonSchema }) => adapt(zodSchema, jsonSchema, mode),
  }).schemas;
  return Object.fromEntries(
    Object.entries(schemas).map(([id, schema]) => {
      const named = registry.get(schema)?.id;
      return [id, named === id ? withoutId(converted[id] ?? {}) : { $ref: `${refPrefix}${named ?? id}` }];
    }),
  );
}

function adapt(schema: core.$ZodTypes, json: JsonSchema, mode: 'sent' | 'received'): void {
  // What the codec of events makes of an event is no JSON Schema; what comes over the wire is.
  if (schema === readEnvelopeSchema.shape.event) Object.assign(json, { $ref: `${refPrefix}Event` });
  // Bounds of every number in JSON tell nothing.
  if (json.maximum === Number.MAX_SAFE_INTEGER) delete json.maximum;
  if (json.minimum === Number.MIN_SAFE_INTEGER) delete json.minimum;
  if (mode === 'sent') return;
  // A later version may send more than this one knows.
  if (json.additionalProperties === false) delete json.additionalProperties;
  if (schema instanceof core.$ZodPipe && json.enum !== undefined)
    json.description = 'A later version may send other words.';
}

function withoutId(schema: JsonSchema): JsonSchema {
  return Object.fromEntries(Object.entries(schema).filter(([key]) => key !== '$id' && key !== '$schema'));
}
