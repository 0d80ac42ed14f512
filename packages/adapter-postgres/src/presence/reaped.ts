import type { ReapCall, Reaped } from '@parley/presence';
import type { TextRow } from '../database.ts';
import { count, real, text } from '../rows.ts';
import { toDiff, Told } from './told.ts';

/** What has ended and is not taken out by us is being taken out by somebody else, which does not take longer. */
const othersMs = 20;

/** What the statement answered: diffs, and users of whom nothing was told, by channel; at last what comes next. */
export function toReaped(
  rows: readonly TextRow[],
  limit: number,
  latest: number | null,
): { readonly reaped: Reaped; readonly removed: number } {
  const told = new Told();
  for (const row of rows) {
    if (row[0] !== null && row[3] !== null)
      told.add(text(row, 0), text(row, 1), toDiff(text(row, 2), row, 3));
  }
  const [last = []] = rows.slice(-1);
  const removed = count(last, 10);
  const moment = last[11] ?? '';
  const isLate = latest !== null && Number(moment) > latest;
  const nextMs = last[9] === null ? undefined : real(last, 9);
  const ended = nextMs !== undefined && nextMs <= 0;
  // What came too late has taken out nothing, and knows nothing of others.
  const more = ended && (removed > 0 || limit === 0 || isLate);
  const next = ended && !more ? othersMs : nextMs;
  return {
    reaped: {
      appended: told.appended,
      more,
      nextMs: next === undefined ? undefined : Math.max(0, next),
      moment,
    },
    removed,
  };
}

/** Up to when something may be taken out (ms since 1970); 0: never, null: whenever. */
export function latestOf(within: ReapCall['within']): number | null {
  if (within === undefined) return null;
  const moment = Number(within.moment);
  return moment > 0 ? moment + within.ms : 0;
}
