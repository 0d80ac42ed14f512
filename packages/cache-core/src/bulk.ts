import { createBatcher } from './kernel/batcher.ts';
import type { Core } from './core.ts';
import { isStoreError } from './failsafe.ts';
import { handedOut } from './handing-out.ts';
import { abortable } from './kernel/abort.ts';
import { InvalidArgument } from './kernel/errors.ts';
import { lookup, type Asked } from './lookup.ts';
import { slide } from './slide.ts';
import type { Space } from './space.ts';

type Loaded<Key, Value> = ReadonlyMap<Key, Value> | readonly (Value | undefined)[];

/** Loads many of one kind: answers a map, or a list in the order in which they were asked. */
export type LoadMany<Key, Value> = (
  keys: readonly Key[],
) => Loaded<Key, Value> | PromiseLike<Loaded<Key, Value>>;

/** Loads many keys: answers a map, or a list in the order of the keys. */
export type BulkLoader<Value> = LoadMany<string, Value>;

/** A loader of single keys that gathers what is asked in one turn of the event loop into one call. */
export function loadTogether<Key, Value>(
  loader: LoadMany<Key, Value>,
  nameOf: (key: Key) => string,
): (key: Key) => Promise<Value | undefined> {
  return createBatcher<Key, Value | undefined>({
    run: async (keys) => {
      const loaded = await loader(keys);
      if (loaded instanceof Map) return keys.map((key) => loaded.get(key));
      if (!Array.isArray(loaded) || loaded.length !== keys.length) {
        throw new InvalidArgument(
          'loader',
          `a function that answers a Map, or a list of ${keys.length} values`,
          loaded,
        );
      }
      return loaded;
    },
    maxBatch: Infinity,
    maxInFlight: Infinity,
    nameOf,
  });
}

/** The fresh values of many keys, undefined where there is none, with one call to the store for what is not here. */
export async function readMany(
  core: Core,
  space: Space,
  asked: readonly Asked[],
  signal: AbortSignal | undefined,
): Promise<unknown[]> {
  const { handOut } = core.options;
  const now = core.clock.monotonic();
  const values: unknown[] = Array.from({ length: asked.length });
  const missing: Asked[] = [];
  const places: number[] = [];
  asked.forEach((one, i) => {
    const entry = space.local?.get(one.key);
    if (entry !== undefined && space.usable(entry, now)) {
      core.stats.localHits += 1;
      values[i] = handedOut(handOut, entry.value);
      if (entry.sliding) slide(core, one, entry);
    } else {
      missing.push(one);
      places.push(i);
    }
  });
  if (missing.length === 0) return values;
  try {
    const found = await abortable(lookup(core, missing), signal);
    const later = core.clock.monotonic();
    found.forEach(({ entry }, i) => {
      const one = missing[i];
      if (entry === undefined || one === undefined || later >= entry.freshUntil) {
        core.stats.misses += 1;
        return;
      }
      core.stats.storeHits += 1;
      values[places[i] ?? -1] = handedOut(handOut, entry.value);
      if (entry.sliding) slide(core, one, entry);
    });
  } catch (error) {
    if (!isStoreError(error)) throw error;
    core.stats.storeErrors += 1;
  }
  return values;
}
