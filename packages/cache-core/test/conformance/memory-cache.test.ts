import { memoryCacheStore, memoryInvalidation } from '@parley/cache-core';
import { cacheLaws } from '@parley/cache-core/conformance';
import { virtualClock } from '@parley/cache-core/kernel';
import { describe, it } from 'vitest';

describe('caches over one memory store', () => {
  it.each(cacheLaws.map((law) => [law.name, law] as const))('%s', async (_, law) => {
    const clock = virtualClock();
    const memory = memoryCacheStore({ clock });
    const store = { ...memory, capabilities: { ...memory.capabilities, shared: true } };
    const process = { store, invalidation: memoryInvalidation() };
    await law.verify({
      first: process,
      second: process,
      clock,
      advance: (ms) => clock.advance(ms),
      toleranceMs: 0,
    });
  });
});
