import type { Core } from './core.ts';
import type { Entry } from './entry.ts';
import { bumpedSince } from './epoch.ts';
import { isStoreError } from './failsafe.ts';
import { epochsAtHand, epochsFor, guardsOf } from './guarding.ts';
import { tagGuard, withParents } from './guards.ts';
import { withDeadline } from './kernel/deadline.ts';
import { isParleyError } from './kernel/errors.ts';
import type { Asked } from './lookup.ts';
import { keep, type Kept } from './keep.ts';
import { checkTags, parseTtl, type Ttl } from './options.ts';
import type { Answer } from './space.ts';
import { encodeRecord, entryForWrite, type Prepared } from './write.ts';

/** What a loader is given, and what it may decide about its entry. */
export interface LoadContext {
  readonly key: string;
  /** Aborted at the hard limit, and when nobody waits any more. */
  readonly signal: AbortSignal;
  /** The stale value that is being replaced, if there is one. */
  readonly stale: unknown;
  /** Lives this long instead. */
  ttl: Ttl | undefined;
  /** Depends on these besides what the options say. */
  readonly tags: string[];
  /** The value is for those who wait, and is not kept. */
  skip(): void;
}

export type Loader<Value = unknown> = (context: LoadContext) => Value | PromiseLike<Value>;

export interface Lease {
  readonly token: string;
  readonly stamp: number;
}

interface Loaded {
  readonly value: unknown;
  readonly ttl: Ttl | undefined;
  readonly tags: readonly string[];
  readonly skipped: boolean;
}

/** Loads under a lease and fills the store, if nobody changed the key or a tag meanwhile. */
export async function loadAndFill(
  core: Core,
  asked: Asked,
  loader: Loader,
  lease: Lease,
  scopeAndTagEpochs: readonly number[],
  declared: readonly string[],
  stale: Entry | undefined,
  signal: AbortSignal,
): Promise<Answer> {
  const changeBefore = asked.space.changeOf(asked.key);
  const giveBack = (): void => {
    core.remote.release({ key: asked.storeKey, token: lease.token }).catch(() => {});
  };
  try {
    const loaded = await runLoader(core, asked, loader, stale, signal);
    const kept = decide(core, asked, loaded, declared);
    if (kept === undefined) {
      core.stats.declined += 1;
      giveBack();
      return answer(loaded.value);
    }
    try {
      const filled = await fill(core, asked, loaded.value, kept, lease, scopeAndTagEpochs, declared);
      if (filled === undefined) giveBack();
      else if (asked.space.changeOf(asked.key) === changeBefore) asked.space.admit(asked.key, filled);
      return { value: loaded.value, source: 'loader', entry: filled };
    } catch (error) {
      // What was loaded is there, whatever became of the store meanwhile.
      if (!isStoreError(error)) throw error;
      core.stats.storeErrors += 1;
      giveBack();
      return keepAlone(core, asked, loaded.value, kept, changeBefore);
    }
  } catch (error) {
    giveBack();
    throw error;
  }
}

/** The entry that the store has now; undefined when it was refused, or is too large. */
async function fill(
  core: Core,
  asked: Asked,
  value: unknown,
  { life, tags }: Kept,
  lease: Lease,
  scopeAndTagEpochs: readonly number[],
  declared: readonly string[],
): Promise<Entry | undefined> {
  const refused = (): undefined => {
    core.stats.fillsRefused += 1;
    core.happened('refused', asked);
  };
  const added = withParents(tags).filter((tag) => !declared.includes(tag));
  const addedEpochs = await epochsFor(core, added.map(tagGuard), life.keepMs);
  if (addedEpochs.some((epoch) => bumpedSince(epoch, lease.stamp))) return refused();
  const scopeCount = asked.space.scopes.length;
  const prepared: Prepared = {
    value,
    life,
    scopeEpochs: scopeAndTagEpochs.slice(0, scopeCount),
    tags: [...declared, ...added],
    tagEpochs: [...scopeAndTagEpochs.slice(scopeCount), ...addedEpochs],
  };
  const record = await encodeRecord(core, asked, prepared);
  if (record === undefined) return undefined;
  const validatedAt = core.clock.monotonic();
  if (!(await core.remote.fill({ ...record, token: lease.token }))) return refused();
  core.stats.fills += 1;
  return entryForWrite(core, asked, prepared, record.version, validatedAt);
}

/** Loads while no store can be asked. */
export async function loadAlone(
  core: Core,
  asked: Asked,
  loader: Loader,
  declared: readonly string[],
  stale: Entry | undefined,
  signal: AbortSignal,
): Promise<Answer> {
  core.stats.storeErrors += 1;
  const changeBefore = asked.space.changeOf(asked.key);
  const loaded = await core.bulkhead.run(() => runLoader(core, asked, loader, stale, signal), { signal });
  const kept = decide(core, asked, loaded, declared);
  return kept === undefined ? answer(loaded.value) : keepAlone(core, asked, loaded.value, kept, changeBefore);
}

/** Keeps a value in this process only, and only until the store is back. */
function keepAlone(core: Core, asked: Asked, value: unknown, kept: Kept, changeBefore: number): Answer {
  const { life } = kept;
  const tags = withParents(kept.tags);
  const epochs = epochsAtHand(core, guardsOf(asked.space, tags));
  const scopeCount = asked.space.scopes.length;
  const prepared: Prepared = {
    value,
    life,
    scopeEpochs: epochs.slice(0, scopeCount),
    tags,
    tagEpochs: epochs.slice(scopeCount),
  };
  const entry = entryForWrite(core, asked, prepared, 0, core.clock.monotonic());
  if (core.away && asked.space.changeOf(asked.key) === changeBefore) asked.space.admit(asked.key, entry);
  return { value, source: 'loader', entry };
}

async function runLoader(
  core: Core,
  asked: Asked,
  loader: Loader,
  stale: Entry | undefined,
  signal: AbortSignal,
): Promise<Loaded> {
  const { key, rules } = asked;
  let skipped = false;
  core.stats.loads += 1;
  core.happened('load', asked);
  try {
    return await withDeadline<Loaded>(
      rules.hardLimitMs,
      async (limited) => {
        const context: LoadContext = {
          key,
          signal: limited,
          stale: stale?.value,
          ttl: undefined,
          tags: [],
          skip: () => (skipped = true),
        };
        const value = await loader(context);
        const own: unknown = typeof rules.tags === 'function' ? rules.tags(value) : [];
        return { value, ttl: context.ttl, tags: checkTags([...checkTags(own), ...context.tags]), skipped };
      },
      { signal, clock: core.clock, what: `the loader of ${asked.storeKey}` },
    );
  } catch (error) {
    core.stats.loadErrors += 1;
    if (core.events.heard) core.events.emit({ type: 'load-error', namespace: asked.space.path, key, error });
    if (isParleyError(error, 'DEADLINE_EXCEEDED')) core.stats.loadTimeouts += 1;
    throw error;
  }
}

/** Undefined when the value is not to be kept; otherwise how long it lives and what it depends on besides the declared tags. */
function decide(core: Core, asked: Asked, loaded: Loaded, declared: readonly string[]): Kept | undefined {
  if (loaded.skipped) return undefined;
  const ttlMs =
    loaded.ttl === undefined
      ? asked.rules.ttlMs
      : parseTtl('context.ttl', loaded.ttl, core.options.classes, 1);
  return keep(core, asked, loaded.value, ttlMs, [...declared, ...loaded.tags], 'load');
}

const answer = (value: unknown): Answer => ({ value, source: 'loader', entry: undefined });
