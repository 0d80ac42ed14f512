import type { Change } from './change.ts';
import type { LeaseHolder } from './lease-holder.ts';
import type { Line } from './line.ts';
import type { Reaper } from './reaper.ts';
import type { Appended } from './view.ts';

export interface LeavingParts {
  readonly line: Line;
  readonly leases: LeaseHolder;
  readonly reaper: Reaper;
  readonly tell: (appended: readonly Appended[]) => void;
}

/**
 * Ends what a process has, so that others see it now.
 *
 * @param names its leases
 * @param partings what makes of its entries what the end of the lease would
 */
export async function leave(
  names: readonly string[],
  partings: readonly (readonly Change[])[],
  last: AbortSignal,
  parts: LeavingParts,
): Promise<void> {
  if (names.length === 0) return;
  const { line, reaper } = parts;
  // It may not take out what others have left, and part of that may be theirs who are there. So it leaves by its names.
  if (reaper.gathering) await part(partings, last, parts);
  await line.call('leave', (store, signal) => store.end(names, { signal }), { last });
  await reaper.finish(last);
}

/** What could not be said goes with the lease. */
async function part(
  partings: readonly (readonly Change[])[],
  last: AbortSignal,
  { line, leases, tell }: LeavingParts,
): Promise<void> {
  const { held } = leases;
  if (held === undefined) return;
  for (const changes of partings) {
    const batch = { ...held, turn: leases.nextTurn(), changes };
    try {
      const changed = await line.call('leave', (store, signal) => store.change(batch, { signal }), { last });
      tell(changed.appended);
    } catch {
      if (last.aborted) return;
    }
  }
}
