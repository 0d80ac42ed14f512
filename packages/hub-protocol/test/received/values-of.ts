import { epochSchema, hubEventSchema, idSchema, readEnvelopeSchema } from '@parley/hub-protocol';
import fc from 'fast-check';
import type * as core from 'zod/v4/core';
import { idOf } from '../support.ts';

/** Values that a schema lets through, as they come in JSON, words and fields of a later version among them. */
export function valuesOf(schema: core.$ZodType): fc.Arbitrary<unknown> {
  // Any schema is one of those that zod has.
  // oxlint-disable-next-line typescript/no-unsafe-type-assertion
  const { def } = (schema as core.$ZodTypes)._zod;
  if (schema === idSchema) return fc.nat().map(idOf);
  if (schema === epochSchema) return fc.constantFrom('e', 'epoch 2', '𝒳'.repeat(128));
  if (schema === readEnvelopeSchema.shape.event) return valuesOf(hubEventSchema);
  switch (def.type) {
    case 'string':
      return fc.constantFrom('', 'a', ' ', 'b\nc', '𝒳', '__proto__', 'x'.repeat(300));
    case 'number':
      return fc.constantFrom(0, 1, 1_708_554_000_000, Number.MAX_SAFE_INTEGER);
    case 'boolean':
      return fc.boolean();
    case 'unknown':
      return fc.jsonValue({ maxDepth: 2 });
    case 'literal':
      return fc.constantFrom(...def.values);
    case 'enum':
      return fc.constantFrom(...Object.values(def.entries), '', 'toString', 'later');
    case 'pipe':
      return valuesOf(def.out);
    case 'nullable':
      return fc.option(valuesOf(def.innerType));
    case 'optional':
      return fc.option(valuesOf(def.innerType), { nil: undefined });
    case 'array':
      return fc.array(valuesOf(def.element), { maxLength: 2 });
    case 'record':
      return fc.dictionary(
        fc.constantFrom('', 'a', '7', '__proto__', 'constructor'),
        valuesOf(def.valueType),
        {
          maxKeys: 3,
        },
      );
    case 'union':
      return fc.oneof(...def.options.map(valuesOf));
    case 'object': {
      const fields = Object.entries(def.shape).map(([name, field]) => [name, valuesOf(field)] as const);
      return fc
        .tuple(fc.record(Object.fromEntries(fields)), fc.option(fc.jsonValue(), { freq: 8 }))
        .map(([value, later]) => (later === null ? value : { ...value, later }));
    }
    default:
      throw new Error(`nothing of the kind ${def.type} is received`);
  }
}

type Path = readonly (string | number)[];

/** Where something stands in a value. */
export function placesIn(value: unknown, path: Path = []): Path[] {
  if (typeof value !== 'object' || value === null) return [path];
  const below = Object.entries(value).flatMap(([key, part]) =>
    placesIn(part, [...path, Array.isArray(value) ? Number(key) : key]),
  );
  return [path, ...below];
}

/** What comes instead of what should be there; undefined: nothing at all. */
export const slips: readonly unknown[] = [
  undefined,
  null,
  true,
  '',
  'x',
  'x'.repeat(129),
  '𝒳'.repeat(128),
  '𝒳'.repeat(129),
  '\n',
  idOf(7),
  idOf(7).toUpperCase(),
  `${idOf(7)}\n`,
  0,
  -0,
  -1,
  1.5,
  2 ** 53,
  [],
  [null],
  {},
  { length: 1 },
  { constructor: 1 },
  JSON.parse('{"__proto__": {"role": "owner"}, "seq": 1}'),
];

/** The value with another one at a place, as JSON says it. */
export function replaced(value: unknown, [key, ...rest]: Path, by: unknown): unknown {
  if (key === undefined) return by;
  if (Array.isArray(value)) return value.map((part, at) => (at === key ? replaced(part, rest, by) : part));
  return Object.fromEntries(
    Object.entries(Object(value)).map(([name, part]) => [
      name,
      name === key ? replaced(part, rest, by) : part,
    ]),
  );
}
