import { createHash } from 'node:crypto';

const longest = 256;

/** A key as it is kept: short enough for an index. */
export function onceKey(key: string): string {
  if (Buffer.byteLength(key) <= longest) return `=${key}`;
  return createHash('sha256').update(key).digest('base64url');
}
