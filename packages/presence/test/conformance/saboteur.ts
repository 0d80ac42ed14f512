import type { Change, ChangeBatch, Diff, PresenceStore, SetEntry, View } from '@parley/presence';

/** A store that breaks one promise, and otherwise keeps them as well as it can. */
export type Saboteur = (good: PresenceStore) => PresenceStore;

/** For each law, stores that it must catch. */
export type Saboteurs = Readonly<Record<string, readonly Saboteur[]>>;

/** Replaces methods. */
export const methods =
  (change: (good: PresenceStore) => Partial<PresenceStore>): Saboteur =>
  (good) => ({ ...good, ...change(good) });

/** Changes what a batch asks for. */
export const batches = (change: (batch: ChangeBatch) => ChangeBatch): Saboteur =>
  methods((good) => ({ change: (batch) => good.change(change(batch)) }));

/** Changes each change that is asked for. */
export const changes = (change: (one: Change) => Change): Saboteur =>
  batches((batch) => ({ ...batch, changes: batch.changes.map(change) }));

export const sets = (change: (one: SetEntry) => SetEntry): Saboteur =>
  changes((one) => (one.kind === 'set' ? change(one) : one));

/** Changes what is read. */
export const views = (change: (view: View) => View): Saboteur =>
  methods((good) => ({ read: async (...words) => (await good.read(...words)).map(change) }));

/** Changes what is told to have been appended. */
export const diffs = (change: (diff: Diff) => Diff | undefined): Saboteur =>
  methods((good) => ({
    change: async (batch) => {
      const changed = await good.change(batch);
      const appended = changed.appended.map((one) => ({
        ...one,
        diffs: one.diffs.flatMap((diff) => change(diff) ?? []),
      }));
      return { ...changed, appended };
    },
  }));

/** How a store may mistake one name for another. */
export const lookalike = (name: string): string => name.replaceAll(/[^a-z0-9]/gi, 'x');
