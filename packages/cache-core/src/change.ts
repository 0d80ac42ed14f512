import type { Core } from './core.ts';
import { guardKeepMs } from './guarding.ts';
import { tagGuard } from './guards.ts';
import type { Asked } from './lookup.ts';
import { checkTags } from './options.ts';

/** Tells which keys had an entry. */
export async function remove(core: Core, asked: readonly Asked[]): Promise<readonly boolean[]> {
  const here = asked.map(({ space, key }) => {
    const had = space.local?.peek(key) !== undefined;
    space.changed(key);
    return had;
  });
  const there = await core.remote.remove(asked.map(({ storeKey }) => storeKey));
  // What was read between the first word and the store's must go as well.
  for (const { space, key } of asked) space.changed(key);
  core.stats.deletes += asked.length;
  for (const one of asked) core.happened('delete', one);
  await core.tell(asked.map(({ storeKey }) => [storeKey, 0]));
  return core.options.store.capabilities.holds ? there : here;
}

/** Everything under these guards is stale from now on, in every process. */
export async function invalidate(core: Core, guards: readonly string[]): Promise<void> {
  const startedAt = core.clock.monotonic();
  const keepMs = guardKeepMs(0);
  core.leaveFlights(guards);
  const epochs = await Promise.all(guards.map((guard) => core.remote.bump(guard, keepMs)));
  core.leaveFlights(guards);
  for (const [i, guard] of guards.entries())
    core.guards.learn(guard, epochs[i] ?? 0, startedAt, startedAt + keepMs);
  core.stats.invalidations += 1;
  core.events.emit({ type: 'invalidate', guards });
  await core.tell(
    [],
    guards.map((guard, i) => [guard, epochs[i] ?? 0]),
  );
}

export const tagGuards = (tags: readonly string[]): readonly string[] => checkTags([...tags]).map(tagGuard);
