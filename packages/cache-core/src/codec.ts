import { deserialize, serialize } from 'node:v8';
import { InvalidArgument } from './kernel/errors.ts';

/** How a value becomes bytes. What `encode` gave, `decode` gives back exactly; what cannot come back exactly, `encode` refuses. */
export interface Codec {
  /** 1 to 15 are ours; 16 to 255 are yours. Stored with each entry, so that entries survive a change of codec. */
  readonly id: number;
  encode(value: unknown): Uint8Array;
  decode(bytes: Uint8Array): unknown;
}

const text = new TextDecoder('utf-8', { fatal: true });

export const jsonCodec: Codec = {
  id: 1,
  encode: (value) => Buffer.from(JSON.stringify(value), 'utf8'),
  decode: (bytes) => JSON.parse(decodeText(bytes)),
};

/** For what JSON would change: dates, maps, sets, big integers, NaN, typed arrays, cycles. */
export const structuredCodec: Codec = {
  id: 2,
  encode: (value) => serialize(value),
  // Typed arrays come back as views of what they were read from: not of a driver's whole chunk, nor of what a store holds.
  decode: (bytes) => deserialize(new Uint8Array(bytes)),
};

/** JSON where JSON is exact, V8's structured format where it is not; functions, symbols and class instances are refused by name. */
export function encodeExactly(value: unknown): {
  readonly codec: Codec;
  readonly payload: Uint8Array | string;
} {
  const plain = isPlain(value, 0) || shapeOf(value, 'value', new Set()) === 'plain';
  return plain
    ? { codec: jsonCodec, payload: JSON.stringify(value) }
    : { codec: structuredCodec, payload: structuredCodec.encode(value) };
}

const plainDepth = 32;

/** Whether JSON is certainly exact: what nearly all values are. `shapeOf` decides about the others, and names what it refuses. */
function isPlain(value: unknown, depth: number): boolean {
  if (typeof value === 'string' || typeof value === 'boolean' || value === null) return true;
  if (typeof value === 'number') return Number.isFinite(value) && !Object.is(value, -0);
  if (typeof value !== 'object' || depth === plainDepth) return false;
  return Array.isArray(value) ? isPlainList(value, depth) : isPlainObject(value, depth);
}

function isPlainList(list: readonly unknown[], depth: number): boolean {
  for (let i = 0; i < list.length; i++) if (!isPlain(list[i], depth + 1)) return false;
  return true;
}

function isPlainObject(value: object, depth: number): boolean {
  if (!isMapping(value)) return false;
  for (const key in value) {
    const member = value[key];
    if (key === 'toJSON' || (member !== undefined && !isPlain(member, depth + 1))) return false;
  }
  return true;
}

function isMapping(value: object): value is Readonly<Record<string, unknown>> {
  const prototype: unknown = Object.getPrototypeOf(value);
  return prototype === Object.prototype || prototype === null;
}

type Shape = 'plain' | 'rich';

function shapeOf(value: unknown, path: string, above: Set<object>): Shape {
  switch (typeof value) {
    case 'string':
    case 'boolean':
      return 'plain';
    case 'number':
      return Number.isFinite(value) && !Object.is(value, -0) ? 'plain' : 'rich';
    case 'bigint':
    case 'undefined':
      return 'rich';
    case 'object':
      return value === null ? 'plain' : shapeOfObject(value, path, above);
    case 'function':
    case 'symbol':
      break;
  }
  throw new InvalidArgument(path, 'data that can be stored', value);
}

function shapeOfObject(value: object, path: string, above: Set<object>): Shape {
  if (above.has(value)) return 'rich';
  above.add(value);
  let shape: Shape = 'plain';
  if (Array.isArray(value)) {
    for (let i = 0; i < value.length; i++) {
      // A hole is not an undefined, and JSON keeps neither.
      if (!(i in value) || shapeOf(value[i], `${path}[${i}]`, above) === 'rich') shape = 'rich';
    }
  } else {
    if (isMapping(value)) {
      for (const key of Object.keys(value)) {
        const member = value[key];
        // An optional member that is absent and one that is undefined mean the same to nearly everybody, and JSON drops it.
        if (member === undefined) continue;
        if (key === 'toJSON' || shapeOf(member, `${path}.${key}`, above) === 'rich') shape = 'rich';
      }
    } else {
      shape = shapeOfBuiltIn(value, path, above);
    }
  }
  above.delete(value);
  return shape;
}

function shapeOfBuiltIn(value: object, path: string, above: Set<object>): Shape {
  if (value instanceof Map) {
    for (const [key, member] of value) {
      shapeOf(key, `${path}.key`, above);
      shapeOf(member, `${path}.get(${String(key)})`, above);
    }
    return 'rich';
  }
  if (value instanceof Set) {
    for (const member of value) shapeOf(member, `${path}.member`, above);
    return 'rich';
  }
  const known =
    value instanceof Date ||
    value instanceof RegExp ||
    ArrayBuffer.isView(value) ||
    value instanceof ArrayBuffer;
  if (known) return 'rich';
  const name = value.constructor.name;
  throw new InvalidArgument(
    path,
    `plain data (an instance of ${name} would come back without its class)`,
    value,
  );
}

function decodeText(bytes: Uint8Array): string {
  if (Buffer.isBuffer(bytes)) return bytes.toString('utf8');
  return text.decode(bytes);
}
