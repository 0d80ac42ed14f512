import type { Core } from './core.ts';
import { epochsFor, guardKeepMs, guardsOf } from './guarding.ts';
import { tagGuard, withParents } from './guards.ts';
import { InvalidArgument } from './kernel/errors.ts';
import { keep } from './keep.ts';
import type { Asked } from './lookup.ts';
import { checkTags } from './options.ts';
import type { RecordToWrite } from './store.ts';
import { encodeRecord, entryForWrite, type Prepared } from './write.ts';

export interface Assignment {
  readonly asked: Asked;
  readonly value: unknown;
}

/** Writes values to the store, tells the other processes, then keeps them here. Rejects when the store did not confirm. */
export async function assign(core: Core, assignments: readonly Assignment[]): Promise<void> {
  // From here on whatever is on its way into the local tier is outdated.
  for (const { asked } of assignments) asked.space.changed(asked.key);
  const changes = assignments.map(({ asked }) => core.coherence.changeOf(asked.storeKey));
  const prepared = await Promise.all(assignments.map((assignment) => prepare(core, assignment)));
  const records = await Promise.all(
    assignments.map(async ({ asked }, i) => {
      const one = prepared[i];
      if (one === undefined) return undefined;
      const record = await encodeRecord(core, asked, one);
      if (record === undefined)
        throw new InvalidArgument(
          'value',
          `smaller than the ${asked.rules.maxBytes} bytes that an entry may have`,
          asked.key,
        );
      return record;
    }),
  );
  const validatedAt = core.clock.monotonic();
  const toWrite = records.filter((record): record is RecordToWrite => record !== undefined);
  if (toWrite.length > 0) await core.remote.write(toWrite);
  core.stats.sets += toWrite.length;
  for (const { asked } of assignments) core.happened('set', asked);
  await core.tell(toWrite.map(({ key, version }) => [key, version]));
  for (const [i, { asked }] of assignments.entries()) {
    const one = prepared[i];
    if (one === undefined || core.coherence.changeOf(asked.storeKey) !== changes[i]) continue;
    asked.space.admit(asked.key, entryForWrite(core, asked, one, records[i]?.version ?? 0, validatedAt));
  }
}

async function prepare(core: Core, { asked, value }: Assignment): Promise<Prepared | undefined> {
  const { rules, space } = asked;
  if (value === undefined)
    throw new InvalidArgument('value', 'anything but undefined, which means that there is none', value);
  const own: unknown = typeof rules.tags === 'function' ? rules.tags(value) : rules.tags;
  const kept = keep(core, asked, value, rules.ttlMs, checkTags(own), 'set');
  if (kept === undefined) return undefined;
  const { life } = kept;
  const tags = withParents(kept.tags);
  const epochs = await epochsFor(core, guardsOf(space, tags), life.keepMs);
  const scopeCount = space.scopes.length;
  return { value, life, scopeEpochs: epochs.slice(0, scopeCount), tags, tagEpochs: epochs.slice(scopeCount) };
}

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
