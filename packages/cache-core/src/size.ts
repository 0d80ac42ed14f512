/** What V8 needs for the entry itself, its places in the map and the list, and its arrays of epochs. Measured, see `l1-memory` in the bench. */
const entryBytes = 420;
const depthLimit = 12;

/** About how many bytes of heap an entry takes. Walks the value; shared parts count each time they are met. */
export function heapBytes(key: string, value: unknown, tags: readonly string[]): number {
  let bytes = entryBytes + stringBytes(key);
  for (const tag of tags) bytes += stringBytes(tag) + 16;
  return bytes + valueBytes(value, 0);
}

function valueBytes(value: unknown, depth: number): number {
  switch (typeof value) {
    case 'string':
      return stringBytes(value);
    case 'number':
      return Number.isInteger(value) && Math.abs(value) < 2 ** 30 ? 0 : 16;
    case 'bigint':
      return 24;
    case 'object':
      return value === null || depth > depthLimit ? 0 : objectBytes(value, depth);
    case 'boolean':
    case 'undefined':
    case 'function':
    case 'symbol':
      break;
  }
  return 0;
}

function objectBytes(value: object, depth: number): number {
  if (Array.isArray(value)) {
    let bytes = 32 + value.length * 8;
    for (const member of value) bytes += valueBytes(member, depth + 1);
    return bytes;
  }
  if (ArrayBuffer.isView(value)) return 200 + value.byteLength;
  if (value instanceof ArrayBuffer) return 150 + value.byteLength;
  if (value instanceof Map) {
    let bytes = 100;
    for (const [key, member] of value)
      bytes += 40 + valueBytes(key, depth + 1) + valueBytes(member, depth + 1);
    return bytes;
  }
  if (value instanceof Set) {
    let bytes = 100;
    for (const member of value) bytes += 32 + valueBytes(member, depth + 1);
    return bytes;
  }
  if (value instanceof Date) return 96;
  let bytes = 56;
  for (const key in value) {
    bytes += 8 + valueBytes(Reflect.get(value, key), depth + 1);
  }
  return bytes;
}

/** One byte a character, two where one of them is beyond Latin-1: not looked for, as most text is. */
function stringBytes(text: string): number {
  return 24 + text.length;
}
