import type { Core } from './core.ts';
import type { Entry, EntryLife } from './entry.ts';
import type { Encoded } from './entry-codec.ts';
import { writeEnvelope } from './envelope.ts';
import { handedOut } from './handing-out.ts';
import type { Asked } from './lookup.ts';
import { heapBytes } from './size.ts';
import type { RecordToWrite } from './store.ts';

/** A value with all that is known of its entry before it is written. */
export interface Prepared {
  readonly value: unknown;
  readonly life: EntryLife;
  readonly scopeEpochs: readonly number[];
  readonly tags: readonly string[];
  readonly tagEpochs: readonly number[];
}

const nothing = new Uint8Array(0);

/** Undefined when the entry is larger than allowed. Throws for values that would not come back as they are. */
export function encodeRecord(
  core: Core,
  asked: Asked,
  prepared: Prepared,
): RecordToWrite | undefined | Promise<RecordToWrite | undefined> {
  const { life } = prepared;
  const version = core.nextVersion();
  // A store that holds nothing needs no bytes.
  if (!core.options.store.capabilities.holds) {
    return { key: asked.storeKey, bytes: nothing, version, freshMs: life.freshMs, keepMs: life.keepMs };
  }
  const encoded = asked.space.codec.encode(prepared.value, asked.rules.compressFrom);
  return encoded instanceof Promise
    ? encoded.then((later) => recordOf(core, asked, prepared, version, later))
    : recordOf(core, asked, prepared, version, encoded);
}

function recordOf(
  core: Core,
  asked: Asked,
  prepared: Prepared,
  version: number,
  encoded: Encoded,
): RecordToWrite | undefined {
  const { life } = prepared;
  const bytes = writeEnvelope({
    ...encoded,
    negative: life.negative,
    sliding: asked.rules.sliding,
    freshMs: life.freshMs,
    keepMs: life.keepMs,
    scopeEpochs: prepared.scopeEpochs,
    tags: prepared.tags,
    tagEpochs: prepared.tagEpochs,
  });
  if (bytes.length > Math.min(asked.rules.maxBytes, core.options.store.capabilities.maxRecordBytes)) {
    core.stats.oversize += 1;
    return undefined;
  }
  return { key: asked.storeKey, bytes, version, freshMs: life.freshMs, keepMs: life.keepMs };
}

export function entryForWrite(
  core: Core,
  { key, space, rules }: Asked,
  { value, life, scopeEpochs, tags, tagEpochs }: Prepared,
  version: number,
  validatedAt: number,
): Entry {
  const freshUntil = validatedAt + life.freshMs;
  return {
    // The caller goes on with his own.
    value: handedOut(core.options.handOut, value),
    negative: life.negative,
    version,
    sliding: rules.sliding,
    freshMs: life.freshMs,
    keepMs: life.keepMs,
    scopeEpochs,
    tags,
    tagEpochs,
    bytes: space.local === undefined ? 0 : heapBytes(key, value, tags),
    freshUntil,
    keepUntil: validatedAt + life.keepMs,
    refreshFrom: rules.refreshAhead === 0 ? Infinity : freshUntil - life.freshMs * rules.refreshAhead,
    localUntil: validatedAt + rules.localTtlMs,
    validatedAt,
    // Looked at when first used: an epoch may have moved since it was read.
    guardRevision: -1,
  };
}
