import { redisSessionStore } from '@parley/adapter-redis/session';
import { memorySessionStore } from '@parley/cache-core/session';
import { playSessions, sessionStepNumbers } from '@parley/cache-core/session/conformance';
import fc from 'fast-check';
import { describe, test, vi } from 'vitest';
import { connect } from '../support/connections.ts';
import { kinds } from '../support/kinds.ts';

vi.setConfig({ testTimeout: 240_000 });

const step = fc.array(fc.nat(1_000), { minLength: sessionStepNumbers, maxLength: sessionStepNumbers });
const steps = fc.array(step, { minLength: 60, maxLength: 80 });

describe.each(Object.entries(kinds))('on %s', (kind, configure) => {
  test('sessions are as in the model, whatever happens', async () => {
    const config = await configure();
    const store = redisSessionStore(connect({ ...config, responseTimeout: '20s' }));
    const seed = Date.now() % 2 ** 31;
    process.stdout.write(`sessions on ${kind}: seed ${seed}\n`);
    await fc.assert(
      fc.asyncProperty(steps, (drawn) => playSessions(store, memorySessionStore(), drawn)),
      { numRuns: 15, seed, endOnFailure: true },
    );
  });
});
