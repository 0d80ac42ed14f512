import { abortable, throwIfAborted } from '@parley/cache-core/kernel';

/** Nothing to do is done; a caller who leaves is let go, and what was sent is left to the server. */
export function within<Reply>(
  items: readonly unknown[],
  { signal }: { readonly signal?: AbortSignal | undefined } = {},
  work: () => Promise<Reply[]>,
): Promise<Reply[]> {
  if (items.length === 0) return Promise.resolve([]);
  if (signal === undefined) return work();
  try {
    throwIfAborted(signal);
  } catch (error) {
    return Promise.reject(error);
  }
  return abortable(work(), signal);
}
