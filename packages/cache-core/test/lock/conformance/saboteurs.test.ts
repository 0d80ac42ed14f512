import { AssertionError } from 'node:assert';
import { virtualClock } from '@parley/cache-core/kernel';
import { memoryLockStore } from '@parley/cache-core/lock';
import { lockStoreLaws } from '@parley/cache-core/lock/conformance';
import { describe, expect, it } from 'vitest';
import { holdingSaboteurs } from './holding-saboteurs.ts';
import { queueSaboteurs } from './queue-saboteurs.ts';

const saboteurs = { ...holdingSaboteurs, ...queueSaboteurs };

describe('every law of a store of locks', () => {
  it('has a store that breaks it', () => {
    expect(Object.keys(saboteurs).toSorted()).toEqual(lockStoreLaws.map(({ name }) => name).toSorted());
  });

  const cases = lockStoreLaws.flatMap((law) =>
    (saboteurs[law.name] ?? []).map((saboteur, i) => ({ law, saboteur, i })),
  );
  it.concurrent.each(cases.map((one) => [`${one.law.name} (${one.i + 1})`, one] as const))(
    'catches it: %s',
    async (_name, { law, saboteur }) => {
      const clock = virtualClock();
      const store = saboteur(memoryLockStore({ clock }));
      const advance = (ms: number): Promise<void> => clock.advance(ms);
      const harness = { store, other: store, advance, toleranceMs: 0, claimMs: 500 };
      await expect(law.verify(harness)).rejects.toBeInstanceOf(AssertionError);
    },
  );
});
