import { InvalidArgument } from '@parley/cache-core/kernel';

/**
 * Arrays in the binary form of the protocol. One parameter carries a whole batch, and bytes travel as they are: as text each would be two
 * hexadecimal digits, and text would be escaped character by character.
 */
const oids = { bool: 16, bytea: 17, int8: 20, text: 25, float8: 701, uuid: 2950, jsonb: 3802 } as const;

const headerBytes = 20;
const nullLength = -1;

type Maybe<T> = T | null | undefined;

/** For `$1::text[]`. Undefined becomes null, here and below. */
export function textArray(values: readonly Maybe<string>[]): Buffer {
  let size = headerBytes;
  for (const value of values) size += value == null ? 4 : 4 + Buffer.byteLength(value);
  const buffer = begin(oids.text, values.length, size, values.some(isNull));
  let at = headerBytes;
  for (const value of values) {
    if (value == null) {
      at = buffer.writeInt32BE(nullLength, at);
    } else {
      const length = buffer.write(value, at + 4);
      buffer.writeInt32BE(length, at);
      at += 4 + length;
    }
  }
  return buffer;
}

/** For `$1::bytea[]`. */
export function bytesArray(values: readonly Maybe<Uint8Array>[]): Buffer {
  return arrayOf(oids.bytea, values);
}

/** For `$1::uuid[]`: 32 hexadecimal digits, with or without hyphens. */
export function uuidArray(values: readonly Maybe<string>[]): Buffer {
  return arrayOf(oids.uuid, values.map(uuidBytes));
}

/** For `$1::jsonb[]`: whatever JSON can say. Null becomes the null of SQL as well. */
export function jsonArray(values: readonly unknown[]): Buffer {
  return arrayOf(oids.jsonb, values.map(jsonBytes));
}

/** For `$1::bigint[]`. */
export function integerArray(values: readonly Maybe<number | bigint>[]): Buffer {
  let size = headerBytes;
  for (const value of values) size += value == null ? 4 : 12;
  const buffer = begin(oids.int8, values.length, size, values.some(isNull));
  let at = headerBytes;
  for (const value of values) {
    if (value == null) {
      at = buffer.writeInt32BE(nullLength, at);
    } else {
      buffer.writeInt32BE(8, at);
      at = buffer.writeBigInt64BE(toInt8(value), at + 4);
    }
  }
  return buffer;
}

/** For `$1::float8[]`. */
export function realArray(values: readonly Maybe<number>[]): Buffer {
  let size = headerBytes;
  for (const value of values) size += value == null ? 4 : 12;
  const buffer = begin(oids.float8, values.length, size, values.some(isNull));
  let at = headerBytes;
  for (const value of values) {
    if (value == null) {
      at = buffer.writeInt32BE(nullLength, at);
    } else {
      buffer.writeInt32BE(8, at);
      at = buffer.writeDoubleBE(value, at + 4);
    }
  }
  return buffer;
}

/** For `$1::boolean[]`. */
export function booleanArray(values: readonly boolean[]): Buffer {
  const buffer = begin(oids.bool, values.length, headerBytes + values.length * 5);
  let at = headerBytes;
  for (const value of values) {
    buffer.writeInt32BE(1, at);
    at = buffer.writeUInt8(value ? 1 : 0, at + 4);
  }
  return buffer;
}

function arrayOf(oid: number, values: readonly Maybe<Uint8Array>[]): Buffer {
  let size = headerBytes;
  for (const value of values) size += value == null ? 4 : 4 + value.byteLength;
  const buffer = begin(oid, values.length, size, values.some(isNull));
  let at = headerBytes;
  for (const value of values) {
    if (value == null) {
      at = buffer.writeInt32BE(nullLength, at);
    } else {
      buffer.writeInt32BE(value.byteLength, at);
      buffer.set(value, at + 4);
      at += 4 + value.byteLength;
    }
  }
  return buffer;
}

const isNull = (value: unknown): boolean => value == null;

/** A number that is no longer exact was another one before. */
function toInt8(value: number | bigint): bigint {
  const exact = typeof value === 'bigint' ? BigInt.asIntN(64, value) === value : Number.isSafeInteger(value);
  if (!exact) throw new InvalidArgument('values', 'whole numbers of at most 64 bits', value);
  return BigInt(value);
}

function uuidBytes(value: Maybe<string>): Uint8Array | null {
  if (value == null) return null;
  if (!/^[\da-f]{8}(?:-?[\da-f]{4}){4}[\da-f]{8}$/i.test(value)) {
    throw new InvalidArgument('values', 'UUIDs', value);
  }
  return Buffer.from(value.replaceAll('-', ''), 'hex');
}

function jsonBytes(value: unknown): Uint8Array | null {
  if (value == null) return null;
  // The byte is the version of the format.
  return Buffer.from(`\u0001${toJson(value)}`);
}

function toJson(value: unknown): string {
  try {
    // For a function there is no JSON, though the types say that there always is.
    const json: unknown = JSON.stringify(value);
    if (typeof json === 'string') return json;
  } catch {
    // It contains itself, or a bigint.
  }
  throw new InvalidArgument('values', 'what JSON can say', value);
}

function begin(oid: number, length: number, size: number, hasNull = false): Buffer {
  const buffer = Buffer.allocUnsafe(size);
  buffer.writeInt32BE(1, 0);
  buffer.writeInt32BE(hasNull ? 1 : 0, 4);
  buffer.writeInt32BE(oid, 8);
  buffer.writeInt32BE(length, 12);
  buffer.writeInt32BE(1, 16);
  return buffer;
}
