import type { CacheStore, LeaseReply, RecordToWrite } from '../store.ts';

/** What a store's author provides; every law gets a new one. */
export interface CacheStoreHarness {
  /** A store over empty data. */
  readonly store: CacheStore;
  /** A second one over the same data, as another process has it; the same object where that cannot be. */
  readonly other: CacheStore;
  /** Lets time pass for the store: really, or by moving its clock. */
  readonly advance: (ms: number) => Promise<void>;
  /** How much too late, or too early, the store may notice that time has passed. */
  readonly toleranceMs: number;
}

/** Long enough that no server is too slow for it, short enough to be waited for. */
/** Over in a law's time, and long enough for a few calls on a machine that does much else. */
export const briefMs = 600;
export const longMs = 60_000;
/** By how much the clocks of one store's servers may differ, and what their clocks may lag behind. */
export const skewMs = 600;

let versions = 0;

const bytesOf = (text: string): Uint8Array => new TextEncoder().encode(text);

export const textOf = (bytes: Uint8Array | undefined): string | undefined =>
  bytes === undefined ? undefined : new TextDecoder().decode(bytes);

export function record(key: string, text: string, more: Partial<RecordToWrite> = {}): RecordToWrite {
  versions += 1;
  return { key, bytes: bytesOf(text), version: versions, freshMs: longMs, keepMs: longMs, ...more };
}

export async function readText(store: CacheStore, key: string): Promise<string | undefined> {
  const [found] = await store.read([key]);
  return textOf(found?.bytes);
}

export async function leaseOne(
  store: CacheStore,
  key: string,
  token: string,
  more: { readonly seen?: number; readonly ttlMs?: number } = {},
): Promise<LeaseReply> {
  const [reply] = await store.lease([{ key, token, ttlMs: longMs, ...more }]);
  if (reply === undefined) throw new Error('a lease was asked for, and nothing was answered');
  return reply;
}

export async function epochOf(
  store: CacheStore,
  guard: string,
  keepMs?: number,
): Promise<number | undefined> {
  const [epoch] = await store.epochs([guard], keepMs === undefined ? {} : { keepMs });
  return epoch;
}
