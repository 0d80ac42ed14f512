/** What V8 needs for the entry itself, its places in the map and the list, and its epochs of namespaces. Measured, see `l1-memory` in the bench. */
const entryBytes = 420;
/** For the lists of tags and of their epochs, and for a place in each of them. */
const tagsBytes = 112;
const tagBytes = 16;
const depthLimit = 12;

/**
 * About how many bytes of heap an entry takes. Walks the value; shared parts count each time they are met. The names of properties do not
 * count: objects of one kind share them.
 */
export function heapBytes(key: string, value: unknown, tags: readonly string[]): number {
  let bytes = entryBytes + stringBytes(key);
  if (tags.length > 0) bytes += tagsBytes;
  for (const tag of tags) bytes += tagBytes + stringBytes(tag);
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
    const bytes = 32 + value.length * 8;
    // A list of nothing but numbers holds them in place, without a box for each.
    return value.every(isNumber) ? bytes : bytes + membersBytes(value, depth + 1);
  }
  if (ArrayBuffer.isView(value)) return 200 + value.byteLength;
  if (value instanceof ArrayBuffer) return 150 + value.byteLength;
  if (value instanceof Map) {
    let bytes = 100;
    for (const [key, member] of value)
      bytes += 40 + valueBytes(key, depth + 1) + valueBytes(member, depth + 1);
    return bytes;
  }
  if (value instanceof Set) return 100 + value.size * 32 + membersBytes(value, depth + 1);
  if (value instanceof Date) return 96;
  let bytes = 56;
  for (const key in value) {
    bytes += 8 + valueBytes(Reflect.get(value, key), depth + 1);
  }
  return bytes;
}

const isNumber = (value: unknown): boolean => typeof value === 'number';

function membersBytes(values: Iterable<unknown>, depth: number): number {
  let bytes = 0;
  for (const value of values) bytes += valueBytes(value, depth);
  return bytes;
}

const beyondLatin1 = /[^\0-\xff]/;

/** One byte a character, two when one of them is beyond Latin-1. V8 knows of its own strings which they are, and does not search the others. */
function stringBytes(text: string): number {
  return 24 + (beyondLatin1.test(text) ? 2 * text.length : text.length);
}
