import { redisSessionStore } from '@parley/adapter-redis/session';
import { systemClock } from '@parley/cache-core/kernel';
import { sessionStoreLaws } from '@parley/cache-core/session/conformance';
import { describe, test, vi } from 'vitest';
import { kinds } from '../support/kinds.ts';
import { twoConnections } from '../support/two-connections.ts';

vi.setConfig({ testTimeout: 120_000, hookTimeout: 120_000 });

describe.each(Object.entries(kinds))('sessions on %s keep the law:', (_, configure) => {
  const two = twoConnections(async () => ({ ...(await configure()), responseTimeout: '20s' }));

  test.concurrent.each(
    sessionStoreLaws.filter(({ needs }) => needs === undefined).map((law) => [law.name, law] as const),
  )('%s', (_name, law) => {
    const prefix = two.nextPrefix();
    return law.verify({
      store: redisSessionStore(two.first, { prefix }),
      other: redisSessionStore(two.second, { prefix }),
      advance: (ms) => systemClock.sleep(ms),
      toleranceMs: 50,
    });
  });
});
