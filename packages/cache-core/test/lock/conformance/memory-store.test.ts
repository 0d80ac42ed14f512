import { virtualClock } from '@parley/cache-core/kernel';
import { memoryLockStore } from '@parley/cache-core/lock';
import { lockStoreLaws } from '@parley/cache-core/lock/conformance';
import { describe, test } from 'vitest';

describe('the memory store of locks', () => {
  test.each(lockStoreLaws.map((law) => [law.name, law] as const))('%s', async (_, law) => {
    const clock = virtualClock();
    const store = memoryLockStore({ clock });
    await law.verify({
      store,
      other: store,
      advance: (ms) => clock.advance(ms),
      toleranceMs: 0,
      claimMs: 500,
    });
  });
});
