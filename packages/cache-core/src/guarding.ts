import type { Core } from './core.ts';
import { tagGuard } from './guards.ts';
import type { Space } from './space.ts';

/** Guards outlive the entries under them by this factor, so that they need not be renewed with every write. */
const keepFactor = 2;
const keepAtLeastMs = 24 * 3_600_000;

export const guardKeepMs = (entryKeepMs: number): number => Math.max(keepAtLeastMs, keepFactor * entryKeepMs);

export const guardsOf = (space: Space, tags: readonly string[]): readonly string[] =>
  tags.length === 0 ? space.scopes : [...space.scopes, ...tags.map(tagGuard)];

/** The epochs for a new entry: known ones while they can be believed and live long enough, the store's otherwise. */
export function epochsFor(
  core: Core,
  guards: readonly string[],
  entryKeepMs: number,
): readonly number[] | Promise<readonly number[]> {
  const now = core.clock.monotonic();
  const horizon = core.coherence.horizon(now);
  // Not pushed one by one: every entry keeps its list, and a list that grows has room for sixteen more.
  const known = guards.map((guard) => core.guards.epoch(guard, horizon, now + entryKeepMs));
  return known.every((epoch) => epoch !== undefined)
    ? known
    : Promise.all(guards.map((guard) => makeSure(core, guard, entryKeepMs)));
}

/** The epochs that this process knows, NaN for others: for an entry that only this process will see. */
export function epochsAtHand(core: Core, guards: readonly string[]): readonly number[] {
  return guards.map((guard) => core.guards.epoch(guard, -Infinity) ?? Number.NaN);
}

/** Whether the guards still have these epochs. What is unknown or seems different is asked of the store: it may have been lost and made anew. */
export function confirm(
  core: Core,
  guards: readonly string[],
  epochs: readonly number[],
  now: number,
): boolean | Promise<boolean> {
  const horizon = core.coherence.horizon(now);
  const isDoubtful = (guard: string, i: number): boolean => core.guards.epoch(guard, horizon) !== epochs[i];
  if (!guards.some(isDoubtful)) return true;
  return ask(
    core,
    guards,
    epochs,
    guards.flatMap((guard, i) => (isDoubtful(guard, i) ? i : [])),
  );
}

async function ask(
  core: Core,
  guards: readonly string[],
  epochs: readonly number[],
  doubtful: readonly number[],
): Promise<boolean> {
  const answers = await Promise.all(
    doubtful.map(async (i) => {
      const guard = guards[i] ?? '';
      const since = core.clock.monotonic();
      const epoch = await core.remote.knownEpoch(guard);
      if (epoch !== undefined) core.guards.learn(guard, epoch, since);
      return epoch !== undefined && epoch === epochs[i] && core.guards.epoch(guard, -Infinity) === epoch;
    }),
  );
  return answers.every(Boolean);
}

async function makeSure(core: Core, guard: string, entryKeepMs: number): Promise<number> {
  const since = core.clock.monotonic();
  const keepMs = guardKeepMs(entryKeepMs);
  const epoch = await core.remote.epoch(guard, keepMs);
  if (epoch === undefined) return Number.NaN;
  core.guards.learn(guard, epoch, since, since + keepMs);
  return epoch;
}
