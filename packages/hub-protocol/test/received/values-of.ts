import { epochSchema, hubEventSchema, idSchema, readEnvelopeSchema } from '@parley/hub-protocol';
import fc from 'fast-check';
import type * as core from 'zod/v4/core';
import { idOf } from '../support.ts';

type Definition = core.$ZodTypes['_zod']['def'];

/** Values that a schema lets through, as they come in JSON, words and fields of a later version among them. */
export function valuesOf(schema: core.$ZodType): fc.Arbitrary<unknown> {
  if (schema === idSchema) return fc.nat().map(idOf);
  if (schema === epochSchema) return fc.constantFrom('e', 'epoch 2', '𝒳'.repeat(128));
  if (schema === readEnvelopeSchema.shape.event) return valuesOf(hubEventSchema);
  // Any schema is one of those that zod has.
  // oxlint-disable-next-line typescript/no-unsafe-type-assertion
  const def = Reflect.get(schema, 'def') as Definition;
  return simpleOf(def) ?? partsOf(def);
}

function simpleOf(def: Definition): fc.Arbitrary<unknown> | undefined {
  if (def.type === 'string') return fc.constantFrom('', 'a', ' ', 'b\nc', '𝒳', '__proto__', 'x'.repeat(300));
  if (def.type === 'number') return fc.constantFrom(0, 1, 1_708_554_000_000, Number.MAX_SAFE_INTEGER);
  if (def.type === 'boolean') return fc.boolean();
  if (def.type === 'unknown') return fc.jsonValue({ maxDepth: 2 });
  if (def.type === 'literal') return fc.constantFrom(...def.values);
  if (def.type === 'enum') return fc.constantFrom(...Object.values(def.entries), '', 'toString', 'later');
  return undefined;
}

function partsOf(def: Definition): fc.Arbitrary<unknown> {
  if (def.type === 'pipe') return valuesOf(def.out);
  if (def.type === 'nullable') return fc.option(valuesOf(def.innerType));
  if (def.type === 'optional') return fc.option(valuesOf(def.innerType), { nil: undefined });
  if (def.type === 'array') return fc.array(valuesOf(def.element), { maxLength: 2 });
  if (def.type === 'union') return fc.oneof(...def.options.map(valuesOf));
  if (def.type === 'record') {
    const keys = fc.constantFrom('', 'a', '7', '__proto__', 'constructor');
    return fc.dictionary(keys, valuesOf(def.valueType), { maxKeys: 3 });
  }
  if (def.type !== 'object') throw new Error(`nothing of the kind ${def.type} is received`);
  const fields = Object.entries(def.shape).map(([name, field]) => [name, valuesOf(field)] as const);
  return fc
    .tuple(fc.record(Object.fromEntries(fields)), fc.option(fc.jsonValue(), { freq: 8 }))
    .map(([value, later]) => (later === null ? value : { ...value, later }));
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
