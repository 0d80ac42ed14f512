import { systemClock, virtualClock, type Clock } from '@parley/cache-core/kernel';
import { checkRule, memoryLimitStore, type Rule, type Taken } from '@parley/ratelimit';
import { limitStoreLaws, modelNumbers, modelStep, playModel } from '@parley/ratelimit/conformance';
import fc from 'fast-check';
import { describe, expect, test } from 'vitest';

const harness = () => {
  const clock = virtualClock();
  const store = memoryLimitStore({ clock });
  return { store, other: store, advance: (ms: number) => clock.advance(ms) };
};

describe('the memory store', () => {
  test.each(limitStoreLaws.map((law) => [law.name, law] as const))('%s', (_, law) => law.verify(harness()));

  test('answers as the functions of the rules do, whatever happens', async () => {
    const numbers = fc.array(fc.nat(1_000), { minLength: modelNumbers, maxLength: modelNumbers });
    await fc.assert(
      fc.asyncProperty(fc.array(numbers.map(modelStep), { minLength: 50, maxLength: 150 }), (steps) =>
        playModel(harness(), steps),
      ),
      { numRuns: 50 },
    );
  }, 60_000);

  test('forgets in a flood who came once, before who comes again, renews slots, or is blocked', async () => {
    const clock = virtualClock();
    const store = memoryLimitStore({ clock, maxKeys: 100 });
    const rule = checkRule({ name: 'calls', kind: 'gcra', limit: 1_000, burst: 1_000, periodMs: 3_600_000 });
    const slots: Rule = { ...rule, name: 'slots', kind: 'concurrency' };
    const held = { rule: slots, identity: 'working', holder: 'h' };
    const hold = (identity: string): Taken =>
      store.takeNow({ charges: [{ rule: slots, identity, cost: 1 }], holder: 'h' });
    hold('working');
    await store.block([{ rule, identity: 'blocked', forMs: 3_600_000 }]);
    for (let i = 0; i < 500; i++) {
      expect(store.chargeNow(rule, 'busy', 1)).toMatchObject({ remaining: 999 - i });
      expect(await store.renew([held])).toMatchObject([{ held: true }]);
      store.chargeNow(rule, `once ${i}`, 1);
      hold(`once ${i}`);
    }
    expect(store.peekNow({ rule, identity: 'blocked', cost: 1 })).toMatchObject({ ok: false });
    expect(store.size).toBe(200);
    expect((await store.health()).details).toMatchObject({ pushedOut: 803 });
  });

  test('denies for no longer when times go back, as those of another store that it is compared with may', async () => {
    let now = 1_000_000;
    const clock: Clock = { ...systemClock, monotonic: () => now };
    const store = memoryLimitStore({ clock });
    const rule = checkRule({ name: 'calls', kind: 'gcra', limit: 1, burst: 1, periodMs: 1_000 });
    const take = (): boolean => store.chargeNow(rule, 'ann', 1).ok;
    expect(take()).toBe(true);
    now -= 900_000;
    expect(take()).toBe(false);
    now += 999;
    expect(take()).toBe(false);
    now += 1;
    expect(take()).toBe(true);
  });
});
