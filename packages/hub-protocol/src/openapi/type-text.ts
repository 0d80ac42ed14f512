import { refPrefix, type JsonSchema } from './json-schema.ts';

/** A JSON Schema as a reader of TypeScript would write it, with bounds behind it. */
export function typeText(schema: JsonSchema, indent = ''): string {
  const { $ref, type, anyOf, oneOf, const: constant } = schema;
  const words = schema.enum;
  if ($ref !== undefined) return $ref.replace(refPrefix, '');
  if (constant !== undefined) return JSON.stringify(constant);
  if (words !== undefined) return words.map((word) => JSON.stringify(word)).join(' | ');
  const options = anyOf ?? oneOf;
  if (options !== undefined) return options.map((option) => typeText(option, indent)).join(' | ');
  if (type === 'array') return arrayText(schema, indent);
  if (type === 'object') return objectText(schema, indent);
  if (type === undefined) return 'unknown';
  return [type].flat().join(' | ');
}

function arrayText({ items }: JsonSchema, indent: string): string {
  const item = typeof items === 'object' && !Array.isArray(items) ? typeText(items, indent) : 'unknown';
  return /[|{]/.test(item) ? `Array<${item}>` : `${item}[]`;
}

function objectText(schema: JsonSchema, indent: string): string {
  const { properties, required = [], additionalProperties, propertyNames } = schema;
  if (properties === undefined) {
    const value =
      typeof additionalProperties === 'object' ? typeText(additionalProperties, indent) : 'unknown';
    const key = typeof propertyNames === 'object' ? typeText(propertyNames) : 'string';
    return `Record<${key}, ${value}>`;
  }
  const inner = `${indent}  `;
  const fields = Object.entries(properties).flatMap(([name, property]) => {
    if (typeof property === 'boolean') return [];
    const bounds = boundsText(property);
    const mark = required.includes(name) ? '' : '?';
    return [`${inner}${name}${mark}: ${typeText(property, inner)};${bounds === '' ? '' : ` // ${bounds}`}`];
  });
  return fields.length === 0 ? '{}' : `{\n${fields.join('\n')}\n${indent}}`;
}

/** `at most 80 characters, matches ...` */
export function boundsText(schema: JsonSchema): string {
  const { minLength, maxLength, minimum, maximum, minItems, maxItems } = schema;
  return [
    range(minLength, maxLength, ' characters'),
    range(minimum, maximum, ''),
    range(minItems, maxItems, ' entries'),
  ]
    .filter((text) => text !== '')
    .join(', ');
}

function range(least: number | undefined, most: number | undefined, unit: string): string {
  if (least === undefined || least === 0) return most === undefined ? '' : `at most ${most}${unit}`;
  return most === undefined ? `at least ${least}${unit}` : `${least} to ${most}${unit}`;
}
