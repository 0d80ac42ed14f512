import { virtualClock } from '@parley/cache-core/kernel';
import { memorySessionStore } from '@parley/cache-core/session';
import { sessionStoreLaws } from '@parley/cache-core/session/conformance';
import { describe, test } from 'vitest';

describe('the memory store of sessions', () => {
  test.each(sessionStoreLaws.map((law) => [law.name, law] as const))('%s', async (_, law) => {
    const clock = virtualClock();
    const store = memorySessionStore({ clock });
    await law.verify({ store, other: store, advance: (ms) => clock.advance(ms), toleranceMs: 0 });
  });
});
