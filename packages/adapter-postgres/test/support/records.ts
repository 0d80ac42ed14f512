import type { CacheStore, LeaseReply, RecordToWrite } from '@parley/cache-core';

/** Longer than any test takes. */
export const longMs = 60_000;

let versions = 1_000;

export function record(key: string, text = key, more: Partial<RecordToWrite> = {}): RecordToWrite {
  versions += 1;
  return { key, bytes: Buffer.from(text), version: versions, freshMs: longMs, keepMs: longMs, ...more };
}

export async function texts(store: CacheStore, keys: readonly string[]): Promise<(string | undefined)[]> {
  const found = await store.read(keys);
  return found.map((one) => one && Buffer.from(one.bytes).toString());
}

export async function lease(
  store: CacheStore,
  key: string,
  token: string,
  more: { readonly seen?: number; readonly ttlMs?: number } = {},
): Promise<LeaseReply> {
  const [reply] = await store.lease([{ key, token, ttlMs: longMs, ...more }]);
  if (reply === undefined) throw new Error('nothing was answered');
  return reply;
}
