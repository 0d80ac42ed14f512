import { redisLockStore } from '@parley/adapter-redis/lock';
import { systemClock } from '@parley/cache-core/kernel';
import { lockStoreLaws } from '@parley/cache-core/lock/conformance';
import { describe, it, vi } from 'vitest';
import { kinds } from '../support/kinds.ts';
import { twoConnections } from '../support/two-connections.ts';

// Servers take their time on a machine that is busy.
vi.setConfig({ testTimeout: 60_000 });

describe.each(Object.entries(kinds))('on %s', (_, configure) => {
  const two = twoConnections(configure);

  it.concurrent.each(lockStoreLaws.map((law) => [law.name, law] as const))('%s', async (_name, law) => {
    const options = { prefix: two.nextPrefix(), claimMs: 1_500 };
    await law.verify({
      store: redisLockStore(two.first, options),
      other: redisLockStore(two.second, options),
      advance: (ms) => systemClock.sleep(ms),
      toleranceMs: 50,
      claimMs: options.claimMs,
    });
  });
});
