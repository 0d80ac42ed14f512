import { memoryCacheStore } from '@parley/cache-core';
import { cacheStoreLaws } from '@parley/cache-core/conformance';
import { virtualClock } from '@parley/cache-core/kernel';
import { describe, it } from 'vitest';

describe('the memory store', () => {
  it.each(cacheStoreLaws.map((law) => [law.name, law] as const))('%s', async (_, law) => {
    const clock = virtualClock();
    const store = memoryCacheStore({ clock });
    await law.verify({ store, other: store, advance: (ms) => clock.advance(ms), toleranceMs: 0 });
  });
});
