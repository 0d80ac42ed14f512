import { loadTogether, type LoadMany } from './bulk.ts';
import type { CacheEntry, CallOptions } from './call-options.ts';
import { abortable, throwIfAborted } from './kernel/abort.ts';
import { isParleyError } from './kernel/errors.ts';
import { safeCall } from './kernel/telemetry.ts';
import { requireInteger } from './kernel/validate.ts';

export interface WarmOptions<Value = unknown> extends CallOptions<Value> {
  /** How many keys one call of the loader is given at the most. @default 100 */
  readonly batch?: number | undefined;
  /** How many batches are under way at once. @default 4 */
  readonly concurrency?: number | undefined;
  /** Told after each batch, with what has been done until then. @default nobody */
  readonly onProgress?: ((progress: WarmProgress) => void) | undefined;
}

export interface WarmProgress {
  /** Keys that had a fresh value, which was left as it is. */
  readonly present: number;
  /** Keys whose value was loaded. */
  readonly loaded: number;
  /** Keys that are not warm, because their loader failed or took too long. Events say why. */
  readonly failed: number;
}

type Keys<Key> = Iterable<Key> | AsyncIterable<Key>;

export interface WarmPlan<Key, Value> {
  readonly keys: Keys<Key>;
  readonly loader: LoadMany<Key, Value>;
  readonly nameOf: (key: Key) => string;
  /** The usual way to a value, which loads under a lease what is missing: so it never comes over something newer. */
  readonly entry: (
    key: Key,
    load: () => Promise<Value | undefined>,
    /** So that nobody but the loader says when a load is over. */
    patience: Pick<CallOptions, 'staleWhileRevalidate' | 'softLimit'>,
  ) => Promise<CacheEntry<Value | undefined> | undefined>;
}

/** Longer than any loader may take. */
const patience = { staleWhileRevalidate: false, softLimit: '1d' } as const;

/** Loads what is missing, a batch at a time. One key that fails keeps no other from being loaded. */
export async function warmUp<Key, Value>(
  { keys, loader, nameOf, entry }: WarmPlan<Key, Value>,
  { batch = 100, concurrency = 4, onProgress, signal }: WarmOptions<Value>,
): Promise<WarmProgress> {
  const batches = inBatches(keys, requireInteger('batch', batch, 1));
  const count = { present: 0, loaded: 0, failed: 0 };

  const work = async (): Promise<void> => {
    for (;;) {
      // Whoever gives up does not wait for the next key either.
      const next = await abortable(batches.next(), signal);
      if (next.done === true) return;
      const load = loadTogether(loader, nameOf);
      const outcomes = await Promise.allSettled(
        next.value.map(async (key) => entry(key, () => load(key), patience)),
      );
      throwIfAborted(signal);
      for (const outcome of outcomes) count[resultOf(outcome)] += 1;
      safeCall('warm.onProgress', onProgress, { ...count });
    }
  };
  throwIfAborted(signal);
  try {
    await Promise.all(Array.from({ length: requireInteger('concurrency', concurrency, 1) }, work));
  } finally {
    // When one has failed the others begin nothing more.
    batches.return(undefined).catch(() => {});
  }
  return count;
}

function resultOf(outcome: PromiseSettledResult<CacheEntry<unknown> | undefined>): keyof WarmProgress {
  // A key that is none, a value that cannot be stored: trying the next one would help nobody.
  if (outcome.status === 'rejected' && isParleyError(outcome.reason, 'INVALID_ARGUMENT'))
    throw outcome.reason;
  const source = outcome.status === 'fulfilled' ? outcome.value?.source : undefined;
  if (source === 'loader') return 'loaded';
  return source === 'local' || source === 'store' ? 'present' : 'failed';
}

async function* inBatches<Key>(
  keys: Keys<Key>,
  size: number,
): AsyncGenerator<readonly Key[], void, undefined> {
  let batch: Key[] = [];
  for await (const key of keys) {
    batch.push(key);
    if (batch.length < size) continue;
    yield batch;
    batch = [];
  }
  if (batch.length > 0) yield batch;
}
