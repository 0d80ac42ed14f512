import { createHash } from 'node:crypto';
import type { RecordToWrite, StoredRecord } from '@parley/cache-core';

/**
 * A record of the cache is one string in Redis, so that one MGET reads many of them:
 *
 *     0..2    `PC`, and the format, 1; anything else is a miss, and is replaced by a write
 *     3       1 where a record is held, 0 where there is a lease alone
 *     4..11   version
 *     12..19  until when it is fresh
 *     20..27  until when it is kept: a lease may make the key outlast its record
 *     28..35  until when it is leased; 0: it is not
 *     36..55  the SHA-1 of the lease's token
 *     56..    the bytes
 *
 * Numbers are float64, little-endian; times are ms since 1970 by the server's clock. A write replaces all of it, and with it breaks a lease;
 * a lease is taken by writing its part over the record, which stays readable.
 */
const headerBytes = 56;
const format = 1;
const longestMs = 2 ** 48;

export function encodeRecord({ bytes, version, freshMs, keepMs }: RecordToWrite, now: number): Buffer {
  const raw = Buffer.allocUnsafe(headerBytes + bytes.length);
  raw.fill(0, 28, headerBytes);
  raw.write('PC', 0, 'latin1');
  raw[2] = format;
  raw[3] = 1;
  raw.writeDoubleLE(version, 4);
  raw.writeDoubleLE(now + freshMs, 12);
  raw.writeDoubleLE(now + keepMs, 20);
  raw.set(bytes, headerBytes);
  return raw;
}

/** The header of a record without a lease, but for its numbers, and these. */
export const recordForm: Uint8Array = Uint8Array.of(
  0x50,
  0x43,
  format,
  1,
  ...Array.from({ length: 52 }, () => 0),
);

export const recordNumbers = (
  { version, freshMs, keepMs }: Omit<RecordToWrite, 'key' | 'bytes'>,
  now: number,
): [at: number, value: number][] => [
  [4, version],
  [12, now + freshMs],
  [20, now + keepMs],
];

/** Undefined for no record, for a lease alone, and for whatever else is there. */
export function decodeRecord(raw: unknown, now: number): StoredRecord | undefined {
  if (!Buffer.isBuffer(raw) || raw.length < headerBytes) return undefined;
  if (raw[0] !== 0x50 || raw[1] !== 0x43 || raw[2] !== format || raw[3] !== 1) return undefined;
  if (!(raw.readDoubleLE(20) > now)) return undefined;
  return {
    bytes: raw.subarray(headerBytes),
    version: raw.readDoubleLE(4),
    freshForMs: raw.readDoubleLE(12) - now,
  };
}

/** The part of the header that says how long. */
export function encodeTimes(
  { freshMs, keepMs }: { readonly freshMs: number; readonly keepMs: number },
  now: number,
): Buffer {
  const raw = Buffer.allocUnsafe(16);
  raw.writeDoubleLE(now + freshMs, 0);
  raw.writeDoubleLE(now + keepMs, 8);
  return raw;
}

export function encodeVersion(version: number | undefined): Buffer {
  if (version === undefined) return Buffer.alloc(0);
  const raw = Buffer.allocUnsafe(8);
  raw.writeDoubleLE(version, 0);
  return raw;
}

/** Tokens have any length, their place in the header has one. */
export function encodeToken(token: string): Buffer {
  return createHash('sha1').update(token).digest();
}

/** The most digits that `expiry` has. */
export const longestExpiry = String(longestMs).length;

/** For PX: whole, at least 1, and nothing that the server would refuse. */
export function expiry(ms: number): number {
  return Math.min(Math.max(1, Math.ceil(ms)), longestMs);
}
