/**
 * Arrays in the binary form of the protocol. One parameter carries a whole batch, and bytes travel as they are: as text each would be two
 * hexadecimal digits, and text would be escaped character by character.
 */
const oids = { bool: 16, bytea: 17, int8: 20, text: 25, float8: 701 } as const;

const headerBytes = 20;
const nullLength = -1;

/** Undefined becomes null, here and below. */
export function textArray(values: readonly (string | undefined)[]): Buffer {
  let size = headerBytes;
  for (const value of values) size += value === undefined ? 4 : 4 + Buffer.byteLength(value);
  const buffer = begin(oids.text, values.length, size, values.includes(undefined));
  let at = headerBytes;
  for (const value of values) {
    if (value === undefined) {
      at = buffer.writeInt32BE(nullLength, at);
    } else {
      const length = buffer.write(value, at + 4);
      buffer.writeInt32BE(length, at);
      at += 4 + length;
    }
  }
  return buffer;
}

export function bytesArray(values: readonly Uint8Array[]): Buffer {
  let size = headerBytes;
  for (const value of values) size += 4 + value.byteLength;
  const buffer = begin(oids.bytea, values.length, size);
  let at = headerBytes;
  for (const value of values) {
    buffer.writeInt32BE(value.byteLength, at);
    buffer.set(value, at + 4);
    at += 4 + value.byteLength;
  }
  return buffer;
}

/** Whole numbers. */
export function integerArray(values: readonly (number | undefined)[]): Buffer {
  let size = headerBytes;
  for (const value of values) size += value === undefined ? 4 : 12;
  const buffer = begin(oids.int8, values.length, size, values.includes(undefined));
  let at = headerBytes;
  for (const value of values) {
    if (value === undefined) {
      at = buffer.writeInt32BE(nullLength, at);
    } else {
      buffer.writeInt32BE(8, at);
      at = buffer.writeBigInt64BE(BigInt(value), at + 4);
    }
  }
  return buffer;
}

export function realArray(values: readonly (number | undefined)[]): Buffer {
  let size = headerBytes;
  for (const value of values) size += value === undefined ? 4 : 12;
  const buffer = begin(oids.float8, values.length, size, values.includes(undefined));
  let at = headerBytes;
  for (const value of values) {
    if (value === undefined) {
      at = buffer.writeInt32BE(nullLength, at);
    } else {
      buffer.writeInt32BE(8, at);
      at = buffer.writeDoubleBE(value, at + 4);
    }
  }
  return buffer;
}

export function booleanArray(values: readonly boolean[]): Buffer {
  const buffer = begin(oids.bool, values.length, headerBytes + values.length * 5);
  let at = headerBytes;
  for (const value of values) {
    buffer.writeInt32BE(1, at);
    at = buffer.writeUInt8(value ? 1 : 0, at + 4);
  }
  return buffer;
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
