import type { Core } from './core.ts';
import type { Entry } from './entry.ts';
import type { Decoded } from './entry-codec.ts';
import { confirm, guardsOf } from './guarding.ts';
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
export async function lookup(core: Core, asked: readonly Asked[]): Promise<Found[]> {
  const startedAt = core.clock.monotonic();
  const changes = asked.map(({ space, key }) => space.changeOf(key));
  if (core.coherence.stateAt(startedAt) === 'suspect') refreshScopes(core, asked, startedAt);
  const records = await core.remote.read(asked.map(({ storeKey }) => storeKey));
  const found: (Found | Promise<Found>)[] = [];
  const ready: Found[] = [];
  for (const [i, one] of asked.entries()) {
    const record = records[i];
    const answer = record === undefined ? nothing : interpret(core, one, record, startedAt, changes[i] ?? -1);
    found.push(answer);
    if (!(answer instanceof Promise)) ready.push(answer);
  }
  return ready.length === found.length ? ready : Promise.all(found.map(async (one) => one));
}

/** What a record that the store gave is worth; also used for records that come with the answer to a lease. */
export function interpret(
  core: Core,
  asked: Asked,
  record: StoredRecord,
  startedAt: number,
  changeBefore: number,
): Found | Promise<Found> {
  const decoded = asked.space.codec.decode(record.bytes, asked.rules.maxBytes);
  return decoded instanceof Promise
    ? decoded.then((later) => judge(core, asked, record, later, startedAt, changeBefore))
    : judge(core, asked, record, decoded, startedAt, changeBefore);
}

function judge(
  core: Core,
  asked: Asked,
  record: StoredRecord,
  decoded: Decoded | undefined,
  startedAt: number,
  changeBefore: number,
): Found | Promise<Found> {
  const { version } = record;
  if (decoded === undefined || decoded.scopeEpochs.length !== asked.space.scopes.length) {
    return { version, entry: undefined };
  }
  const guards = guardsOf(asked.space, decoded.tags);
  const epochs =
    decoded.tags.length === 0 ? decoded.scopeEpochs : [...decoded.scopeEpochs, ...decoded.tagEpochs];
  const keep = (right: boolean): Found => {
    if (!right) return { version, entry: undefined };
    const entry = entryOf(core, asked, record, decoded, startedAt);
    if (asked.space.changeOf(asked.key) === changeBefore) asked.space.admit(asked.key, entry);
    return { version, entry };
  };
  const right = confirm(core, guards, epochs, core.clock.monotonic());
  return typeof right === 'boolean' ? keep(right) : right.then(keep);
}

function entryOf(
  core: Core,
  { key, space, rules }: Asked,
  record: StoredRecord,
  decoded: Decoded,
  startedAt: number,
): Entry {
  const freshUntil = core.clock.monotonic() + record.freshForMs;
  return {
    value: decoded.value,
    negative: decoded.negative,
    version: record.version,
    sliding: decoded.sliding,
    freshMs: decoded.freshMs,
    keepMs: decoded.keepMs,
    scopeEpochs: decoded.scopeEpochs,
    tags: decoded.tags,
    tagEpochs: decoded.tagEpochs,
    bytes: space.local === undefined ? 0 : heapBytes(key, decoded.value, decoded.tags),
    freshUntil,
    keepUntil: freshUntil + decoded.keepMs - decoded.freshMs,
    refreshFrom: rules.refreshAhead === 0 ? Infinity : freshUntil - decoded.freshMs * rules.refreshAhead,
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
