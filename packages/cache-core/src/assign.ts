import type { Core } from './core.ts';
import { epochsFor, guardsOf } from './guarding.ts';
import { withParents } from './guards.ts';
import { InvalidArgument } from './kernel/errors.ts';
import { keep } from './keep.ts';
import type { Asked } from './lookup.ts';
import { mapNowOrLater } from './now-or-later.ts';
import { checkTags } from './options.ts';
import type { RecordToWrite } from './store.ts';
import { encodeRecord, entryForWrite, type Prepared } from './write.ts';

export interface Assignment {
  readonly asked: Asked;
  readonly value: unknown;
}

/** A value on its way to the store. */
export interface Draft {
  readonly asked: Asked;
  readonly prepared: Prepared;
  readonly record: RecordToWrite;
  /** The change of the key that this is. */
  change: number;
}

type Drafted = Draft | undefined;

/** Writes values to the store, tells the other processes, then keeps them here. Rejects when the store did not confirm. */
export async function assign(core: Core, assignments: readonly Assignment[]): Promise<void> {
  // From here on whatever is on its way into the local tier is outdated.
  for (const { asked } of assignments) asked.space.changed(asked.key);
  const changes = assignments.map(({ asked }) => asked.space.changeOf(asked.key));
  const drafting = mapNowOrLater(assignments, (one, i) => draft(core, one, changes[i] ?? 0));
  const drafted = drafting instanceof Promise ? await drafting : drafting;
  // What a rule or a policy does not want kept.
  const drafts = drafted.filter((one) => one !== undefined);
  if (drafts.length > 0) await core.commit(drafts);
}

/** Of one turn of the event loop, whoever they come from: they succeed or fail together. */
export async function commitDrafts(core: Core, drafts: readonly Draft[]): Promise<void> {
  const validatedAt = core.clock.monotonic();
  await core.remote.write(drafts.map(({ record }) => record));
  // A read that began before the store had the new value may still bring the old one.
  for (const one of drafts) {
    const { space, key } = one.asked;
    const latest = space.changeOf(key) === one.change;
    space.changed(key);
    one.change = latest ? space.changeOf(key) : -1;
  }
  core.stats.sets += drafts.length;
  for (const { asked } of drafts) core.happened('set', asked);
  await core.tell(drafts.map(({ record }) => [record.key, record.version]));
  for (const { asked, prepared, record, change } of drafts) {
    const { space, key } = asked;
    if (space.local === undefined || space.changeOf(key) !== change) continue;
    space.admit(key, entryForWrite(core, asked, prepared, record.version, validatedAt));
  }
}

function draft(core: Core, { asked, value }: Assignment, change: number): Drafted | Promise<Drafted> {
  const prepared = prepare(core, asked, value);
  return prepared instanceof Promise
    ? prepared.then((later) => encode(core, asked, later, change))
    : encode(core, asked, prepared, change);
}

function prepare(core: Core, asked: Asked, value: unknown): Prepared | undefined | Promise<Prepared> {
  const { rules, space } = asked;
  if (value === undefined)
    throw new InvalidArgument('value', 'anything but undefined, which means that there is none', value);
  const own: unknown = typeof rules.tags === 'function' ? rules.tags(value) : rules.tags;
  const kept = keep(core, asked, value, rules.ttlMs, checkTags(own), 'set');
  if (kept === undefined) return undefined;
  const { life } = kept;
  const tags = withParents(kept.tags);
  const scopeCount = space.scopes.length;
  const withEpochs = (epochs: readonly number[]): Prepared => ({
    value,
    life,
    scopeEpochs: tags.length === 0 ? epochs : epochs.slice(0, scopeCount),
    tags,
    tagEpochs: tags.length === 0 ? tagless : epochs.slice(scopeCount),
  });
  const epochs = epochsFor(core, guardsOf(space, tags), life.keepMs);
  return epochs instanceof Promise ? epochs.then(withEpochs) : withEpochs(epochs);
}

const tagless: readonly number[] = [];

function encode(
  core: Core,
  asked: Asked,
  prepared: Prepared | undefined,
  change: number,
): Drafted | Promise<Drafted> {
  if (prepared === undefined) return undefined;
  const toDraft = (record: RecordToWrite | undefined): Draft => {
    if (record === undefined) {
      const most = `smaller than the ${asked.rules.maxBytes} bytes that an entry may have`;
      throw new InvalidArgument('value', most, asked.key);
    }
    return { asked, prepared, record, change };
  };
  const record = encodeRecord(core, asked, prepared);
  return record instanceof Promise ? record.then(toDraft) : toDraft(record);
}
