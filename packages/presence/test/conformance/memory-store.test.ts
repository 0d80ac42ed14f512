import { memoryPresenceStore } from '@parley/presence';
import { presenceStoreLaws } from '@parley/presence/conformance';
import { virtualClock } from '@parley/cache-core/kernel';
import { describe, test } from 'vitest';

describe('the memory store', () => {
  test.each(presenceStoreLaws.map((law) => [law.name, law] as const))('%s', async (_, law) => {
    const clock = virtualClock();
    const store = memoryPresenceStore({ clock });
    await law.verify({
      store,
      other: store,
      advance: (ms) => clock.advance(ms),
      toleranceMs: 0,
      lose: async () => store.forget(),
    });
  });
});
