import type { Param } from './database.ts';

/** A value of the application as Postgres takes it: dates as ISO text, arrays as array literals, other objects as JSON. */
export function toParam(value: unknown): Param {
  if (value === null || value === undefined) return null;
  if (typeof value === 'string' || typeof value === 'number' || typeof value === 'boolean') return value;
  if (typeof value === 'bigint') return value.toString();
  if (value instanceof Uint8Array) return value;
  if (value instanceof Date) return value.toISOString();
  if (Array.isArray(value)) return arrayLiteral(value);
  return JSON.stringify(value) ?? null;
}

function arrayLiteral(values: readonly unknown[]): string {
  return `{${values.map(element).join(',')}}`;
}

function element(value: unknown): string {
  if (Array.isArray(value)) return arrayLiteral(value);
  if (value instanceof Uint8Array) return `"\\\\x${Buffer.from(value).toString('hex')}"`;
  const param = toParam(value);
  return param === null ? 'null' : `"${String(param).replaceAll(/["\\]/g, '\\$&')}"`;
}
