import type { Core } from './core.ts';
import type { Entry } from './entry.ts';
import type { Decoded } from './entry-codec.ts';
import { isStoreError } from './failsafe.ts';
import { confirm, guardsOf } from './guarding.ts';
import { mapNowOrLater } from './now-or-later.ts';
import { abortable } from './kernel/abort.ts';
import type { EntryRules } from './options.ts';
import { heapBytes } from './size.ts';
import type { Space } from './space.ts';
import type { StoredRecord } from './store.ts';

export interface Asked {
  readonly space: Space;
  readonly key: string;
  readonly storeKey: string;
  readonly rules: EntryRules;
}

/** What the store has of a key. */
export interface Found {
  /** The write that is there, whether it is of any use or not: a lease is asked for on top of it. */
  readonly version: number | undefined;
  /** Fresh or within its grace; undefined when there is nothing to serve. */
  readonly entry: Entry | undefined;
}

const nothing: Found = { version: undefined, entry: undefined };

/** Asks the store for many keys in one call, keeps what is good in the local tier, and answers in order. */
export async function lookup(core: Core, asked: readonly Asked[]): Promise<readonly Found[]> {
  const startedAt = core.clock.monotonic();
  const changes = asked.map(({ space, key }) => space.changeOf(key));
  if (core.coherence.stateAt(startedAt) === 'suspect') refreshScopes(core, asked, startedAt);
  const records = await core.remote.read(asked.map(({ storeKey }) => storeKey));
  const now = core.clock.monotonic();
  return mapNowOrLater(asked, (one, i) => {
    const record = records[i];
    return record === undefined ? nothing : interpret(core, one, record, startedAt, now, changes[i] ?? -1);
  });
}

/**
 * What a record that the store gave is worth; also used for records that come with the answer to a lease.
 *
 * @param startedAt when it was asked for
 * @param now when it came, unless it took time to decode
 */
export function interpret(
  core: Core,
  asked: Asked,
  record: StoredRecord,
  startedAt: number,
  now: number,
  changeBefore: number,
): Found | Promise<Found> {
  const decoded = asked.space.codec.decode(record.bytes, asked.rules.maxBytes);
  return decoded instanceof Promise
    ? decoded.then((later) =>
        judge(core, asked, record, later, startedAt, core.clock.monotonic(), changeBefore),
      )
    : judge(core, asked, record, decoded, startedAt, now, changeBefore);
}

function judge(
  core: Core,
  asked: Asked,
  record: StoredRecord,
  decoded: Decoded | undefined,
  startedAt: number,
  now: number,
  changeBefore: number,
): Found | Promise<Found> {
  const { version } = record;
  const { space } = asked;
  if (decoded === undefined) return { version, entry: undefined };
  const { scopeEpochs, tags, tagEpochs } = decoded.envelope;
  if (scopeEpochs.length !== space.scopes.length) return { version, entry: undefined };
  const keep = (right: boolean): Found => {
    if (!right) return { version, entry: undefined };
    const entry = entryOf(core, asked, record, decoded, startedAt, now);
    if (space.local !== undefined && space.changeOf(asked.key) === changeBefore)
      space.admit(asked.key, entry);
    return { version, entry };
  };
  const epochs = tags.length === 0 ? scopeEpochs : [...scopeEpochs, ...tagEpochs];
  const right = confirm(core, guardsOf(space, tags), epochs, now);
  return typeof right === 'boolean' ? keep(right) : right.then(keep);
}

function entryOf(
  core: Core,
  { key, space, rules }: Asked,
  record: StoredRecord,
  { envelope, value }: Decoded,
  startedAt: number,
  now: number,
): Entry {
  const { freshMs, keepMs, tags } = envelope;
  const freshUntil = now + record.freshForMs;
  return {
    value,
    negative: envelope.negative,
    version: record.version,
    sliding: envelope.sliding,
    freshMs,
    keepMs,
    scopeEpochs: envelope.scopeEpochs,
    tags,
    tagEpochs: envelope.tagEpochs,
    bytes: space.local === undefined ? 0 : heapBytes(key, value, tags),
    freshUntil,
    keepUntil: freshUntil + keepMs - freshMs,
    refreshFrom: rules.refreshAhead === 0 ? Infinity : freshUntil - freshMs * rules.refreshAhead,
    localUntil: startedAt + rules.localTtlMs,
    validatedAt: startedAt,
    guardRevision: core.guards.revision,
  };
}

/** Without a live subscription the namespace's epoch has to be asked for each time: together with the records rather than after them. */
function refreshScopes(core: Core, asked: readonly Asked[], startedAt: number): void {
  const horizon = core.coherence.horizon(startedAt);
  const scopes = new Set(asked.flatMap(({ space }) => space.scopes));
  for (const scope of scopes) {
    if (core.guards.epoch(scope, horizon) !== undefined) continue;
    core.remote.knownEpoch(scope).then(
      (epoch) => epoch !== undefined && core.guards.learn(scope, epoch, startedAt),
      () => {},
    );
  }
}

/** The fresh entry of a key in the store; a store that is away has none. */
export async function freshInStore(
  core: Core,
  asked: Asked,
  signal: AbortSignal | undefined,
): Promise<Entry | undefined> {
  const { clock, stats, look } = core;
  try {
    const { entry } = await abortable(look(asked), signal);
    return entry !== undefined && clock.monotonic() < entry.freshUntil ? entry : undefined;
  } catch (error) {
    if (!isStoreError(error)) throw error;
    stats.storeErrors += 1;
    return undefined;
  }
}
