import type { CacheStore } from './store.ts';
import { memoryCacheStore } from './memory-store.ts';
import type { Clocked } from './kernel/clock.ts';

/**
 * No second tier: nothing is held but what must be known of keys and tags while loads are under way, so that a cache of one tier runs
 * through the same code as one of two.
 */
export function noStore(options: Clocked = {}): CacheStore {
  const memory = memoryCacheStore(options);
  return {
    ...memory,
    name: 'none',
    capabilities: { ...memory.capabilities, holds: false },
    read: async (keys) => keys.map(() => undefined),
    write: async (records) => void (await memory.remove(records.map(({ key }) => key))),
    lease: (requests) => memory.lease(requests.map((request) => ({ ...request, seen: undefined }))),
    fill: async (records) => {
      const filled = await memory.fill(records);
      await memory.remove(records.map(({ key }) => key));
      return filled;
    },
    touch: async (records) => records.map(() => true),
  };
}
