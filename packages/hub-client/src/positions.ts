import type { Positions, PositionStore } from './options.ts';

/** Without them a client begins with what is there now: that must not keep it from beginning. */
export async function loadPositions(store: PositionStore | undefined): Promise<Positions | undefined> {
  try {
    return await store?.load();
  } catch {
    return undefined;
  }
}

/** What could not be saved is saved with the next change. */
export async function savePositions(store: PositionStore | undefined, positions: Positions): Promise<void> {
  try {
    await store?.save(positions);
  } catch {
    // An event that is heard again after a restart is the worst that follows.
  }
}
