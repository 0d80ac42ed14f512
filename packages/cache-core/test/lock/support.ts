import { StoreUnavailable, virtualClock, type VirtualClock } from '@parley/cache-core/kernel';
import {
  createLocks,
  memoryLockStore,
  type CreateLocksOptions,
  type Locks,
  type LockStore,
} from '@parley/cache-core/lock';
import { afterEach } from 'vitest';

let worlds: World[] = [];

afterEach(async () => {
  const ending = worlds;
  worlds = [];
  await Promise.all(ending.map((world) => world.end()));
});

/** Processes that share a store, in a time of their own. */
export class World {
  readonly clock: VirtualClock = virtualClock();
  readonly store: LockStore = memoryLockStore({ clock: this.clock });
  readonly #open: Locks[] = [];

  constructor() {
    worlds.push(this);
  }

  /** Also of stores that say nothing. */
  async end(): Promise<void> {
    const closed = Promise.all(this.#open.map((locks) => locks.close()));
    await this.clock.advance(60_000);
    await closed;
  }

  /** @param change what this process has instead of the store's own methods */
  locks(change: Partial<LockStore> = {}, options: Partial<CreateLocksOptions> = {}): Locks {
    const locks = createLocks({
      store: { ...this.store, ...change },
      clock: this.clock,
      random: () => 0.5,
      ...options,
    });
    this.#open.push(locks);
    return locks;
  }
}

/** A server that carries out what it is asked, and whose answers are lost; as often as is said. */
export function deafTo<Args extends unknown[], Answer>(
  method: (...args: Args) => Promise<Answer>,
  times = Infinity,
): (...args: Args) => Promise<Answer> {
  let left = times;
  return async (...args) => {
    const answer = await method(...args);
    if (left <= 0) return answer;
    left -= 1;
    throw new StoreUnavailable('the reply was lost');
  };
}

export const silent = (): Promise<never> => new Promise(() => undefined);

export async function failure(promise: Promise<unknown>): Promise<unknown> {
  try {
    await promise;
  } catch (error) {
    return error;
  }
  throw new Error('it was expected to fail, and succeeded');
}
