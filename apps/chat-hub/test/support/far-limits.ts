import { StoreUnavailable, type Clock } from '@parley/cache-core/kernel';
import { memoryLimitStore, type LimitStore, type MemoryLimitStore } from '@parley/ratelimit';

export interface FarLimits {
  readonly memory: MemoryLimitStore;
  readonly store: LimitStore;
  away: boolean;
}

/** A store of limits as one that is reached over a network, and may be away. */
export function farLimits(clock: Clock): FarLimits {
  const memory = memoryLimitStore({ clock });
  const { name, capabilities, peek, adjust, block, reset, release, renew, health } = memory;
  const far: FarLimits = {
    memory,
    away: false,
    store: {
      name,
      capabilities,
      take: async (...about) => {
        if (far.away) throw new StoreUnavailable('the store is away');
        return memory.take(...about);
      },
      peek,
      adjust,
      block,
      reset,
      release,
      renew,
      health,
    },
  };
  return far;
}
