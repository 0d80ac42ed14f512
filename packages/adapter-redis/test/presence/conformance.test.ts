import { redisPresenceStore } from '@parley/adapter-redis/presence';
import { systemClock } from '@parley/cache-core/kernel';
import { presenceStoreLaws } from '@parley/presence/conformance';
import { describe, it, vi } from 'vitest';
import { kinds } from '../support/kinds.ts';
import { twoConnections } from '../support/two-connections.ts';

// Servers take their time on a machine that is busy.
vi.setConfig({ testTimeout: 60_000 });

describe.each(Object.entries(kinds))('on %s', (_, configure) => {
  const two = twoConnections(configure);

  // What needs a server of its own is in `losing.test.ts` and `away.test.ts`.
  const shared = presenceStoreLaws.filter(({ needs }) => needs === undefined);
  it.each(shared.map((law) => [law.name, law] as const))('%s', async (_name, law) => {
    const prefix = two.nextPrefix();
    await law.verify({
      store: redisPresenceStore(two.first, { prefix }),
      other: redisPresenceStore(two.second, { prefix }),
      advance: (ms) => systemClock.sleep(ms),
      toleranceMs: 50,
    });
  });
});
