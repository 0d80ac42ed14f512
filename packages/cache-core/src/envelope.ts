import { crc32 } from 'node:zlib';

/**
 * The bytes of one entry, as every store keeps them:
 *
 *     0      format; any other number is a miss, so that two versions of Parley can share a store
 *     1..4   CRC-32 of everything behind it
 *     5      codec id
 *     6      flags
 *     7      number of scopes
 *     8..9   number of tags
 *     10..15 how long the entry was to be fresh, ms
 *     16..21 how long it was to be kept, ms
 *     then   an epoch (float64) for each scope; for each tag its length (uint16), name (UTF-8) and epoch; the payload
 *
 * All numbers little-endian. Whether an entry is still fresh is the store's to say: its clock decides, not this process's.
 */
export interface Envelope {
  readonly codecId: number;
  readonly compressed: boolean;
  /** A loader found nothing, and that was cached. */
  readonly negative: boolean;
  /** Every use gives it its whole time again. */
  readonly sliding: boolean;
  readonly freshMs: number;
  readonly keepMs: number;
  /** Of the namespace and those above it, outermost first. */
  readonly scopeEpochs: readonly number[];
  readonly tags: readonly string[];
  readonly tagEpochs: readonly number[];
  readonly payload: Uint8Array;
}

const format = 1;
const headerBytes = 22;
const flag = { compressed: 1, negative: 2, sliding: 4 };
const none: never[] = [];

export const envelopeLimits = { tags: 255, tagBytes: 512, scopes: 16, durationMs: 2 ** 48 - 1 };

/** Bytes, or text that becomes UTF-8. */
export type Payload = Uint8Array | string;

export const sizeOf = (payload: Payload): number =>
  typeof payload === 'string' ? Buffer.byteLength(payload) : payload.length;

export interface EnvelopeToWrite extends Omit<Envelope, 'payload'> {
  readonly payload: Payload;
}

export function writeEnvelope(entry: EnvelopeToWrite): Buffer {
  const { payload } = entry;
  const names = entry.tags.map((tag) => Buffer.from(tag, 'utf8'));
  const guardBytes = entry.scopeEpochs.length * 8 + names.reduce((sum, name) => sum + name.length + 10, 0);
  const payloadBytes = sizeOf(payload);
  const bytes = Buffer.allocUnsafe(headerBytes + guardBytes + payloadBytes);
  bytes[0] = format;
  bytes[5] = entry.codecId;
  bytes[6] =
    (entry.compressed ? flag.compressed : 0) |
    (entry.negative ? flag.negative : 0) |
    (entry.sliding ? flag.sliding : 0);
  bytes[7] = entry.scopeEpochs.length;
  bytes.writeUInt16LE(names.length, 8);
  bytes.writeUIntLE(Math.min(Math.round(entry.freshMs), envelopeLimits.durationMs), 10, 6);
  bytes.writeUIntLE(Math.min(Math.round(entry.keepMs), envelopeLimits.durationMs), 16, 6);
  let at = headerBytes;
  for (const epoch of entry.scopeEpochs) at = bytes.writeDoubleLE(epoch, at);
  for (const [i, name] of names.entries()) {
    at = bytes.writeUInt16LE(name.length, at);
    at += name.copy(bytes, at);
    at = bytes.writeDoubleLE(entry.tagEpochs[i] ?? 0, at);
  }
  if (typeof payload !== 'string') bytes.set(payload, at);
  // As many bytes as characters: it is ASCII, which is written as it is.
  else bytes.write(payload, at, payloadBytes === payload.length ? 'latin1' : 'utf8');
  bytes.writeUInt32LE(crc32(bytes.subarray(5)), 1);
  return bytes;
}

/** Undefined for anything that is not, to the last bit, what `writeEnvelope` made. */
export function readEnvelope(raw: Uint8Array): Envelope | undefined {
  const bytes = Buffer.isBuffer(raw) ? raw : Buffer.from(raw.buffer, raw.byteOffset, raw.byteLength);
  if (bytes.length < headerBytes || bytes[0] !== format) return undefined;
  if (crc32(bytes.subarray(5)) !== bytes.readUInt32LE(1)) return undefined;
  const flags = bytes[6] ?? 0;
  const scopeCount = bytes[7] ?? 0;
  const tagCount = bytes.readUInt16LE(8);
  let at = headerBytes;
  const nextEpoch = (): number => {
    at += 8;
    return bytes.readDoubleLE(at - 8);
  };
  const scopeEpochs = listOf(scopeCount, nextEpoch);
  const tagEpochs: number[] = [];
  const tags = listOf(tagCount, () => {
    const start = at + 2;
    at = start + bytes.readUInt16LE(at);
    const tag = bytes.toString('utf8', start, at);
    tagEpochs.push(nextEpoch());
    return tag;
  });
  return {
    codecId: bytes[5] ?? 0,
    compressed: (flags & flag.compressed) !== 0,
    negative: (flags & flag.negative) !== 0,
    sliding: (flags & flag.sliding) !== 0,
    freshMs: bytes.readUIntLE(10, 6),
    keepMs: bytes.readUIntLE(16, 6),
    scopeEpochs,
    tags,
    tagEpochs: tagCount === 0 ? none : tagEpochs.slice(),
    payload: bytes.subarray(at),
  };
}

/** A list that grows has room for more, and an entry in memory keeps its lists: these are made in one go. */
function listOf<Item>(length: number, next: () => Item): readonly Item[] {
  if (length === 0) return none;
  return length === 1 ? [next()] : Array.from({ length }, next);
}
