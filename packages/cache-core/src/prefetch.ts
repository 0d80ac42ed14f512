import type { Core } from './core.ts';
import type { Entry } from './entry.ts';
import type { Duration } from './kernel/duration.ts';
import { parseDuration } from './kernel/duration.ts';
import { isParleyError } from './kernel/errors.ts';
import type { Loader } from './load.ts';
import type { Asked } from './lookup.ts';
import { obtain, renew } from './obtain.ts';
import type { EntryOptions } from './options.ts';

export interface PrefetchOptions<Value = unknown> extends EntryOptions<Value> {
  /**
   * A value with less than this left of its ttl is loaded anew.
   * @default the part of the ttl that `refreshAhead` names; 0 without it, which loads only what is missing or stale
   */
  readonly within?: Duration | undefined;
}

/** Loads behind the caller what will be needed soon. Nobody waits for it, so what goes wrong is told by events and nothing else. */
export function prefetch(core: Core, asked: Asked, loader: Loader, within: Duration | undefined): void {
  const { space, key, rules } = asked;
  const withinMs = within === undefined ? undefined : parseDuration(within, { field: 'within' });
  const lasts = ({ freshUntil, freshMs }: Entry): boolean =>
    freshUntil - core.clock.monotonic() > (withinMs ?? freshMs * rules.refreshAhead);
  const local = space.local?.peek(key);
  if (local !== undefined && space.usable(local, core.clock.monotonic()) && lasts(local)) return;

  // The place is taken for as long as the load takes, whatever a caller would be served meanwhile.
  const patient = { ...asked, rules: { ...rules, staleWhileRevalidate: false, softLimitMs: Infinity } };
  const work = async (): Promise<void> => {
    const { entry, source } = await obtain(core, patient, loader, undefined);
    if (source === 'store' && entry !== undefined && !lasts(entry)) await renew(core, asked, loader, entry);
  };
  core.prefetches.run(work).catch((error: unknown) => {
    // Of a loader that failed it has been told; here none was run.
    if (isParleyError(error, 'OVERLOADED') && core.events.heard) {
      core.events.emit({ type: 'load-error', namespace: space.path, key, error });
    }
  });
}
