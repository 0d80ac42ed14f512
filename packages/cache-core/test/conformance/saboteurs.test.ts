import { memoryCacheStore } from '@parley/cache-core';
import { cacheStoreLaws } from '@parley/cache-core/conformance';
import { virtualClock } from '@parley/cache-core/kernel';
import { describe, expect, it } from 'vitest';
import { guardSaboteurs } from './guard-saboteurs.ts';
import { leaseSaboteurs } from './lease-saboteurs.ts';
import { recordSaboteurs } from './record-saboteurs.ts';

const saboteurs = { ...recordSaboteurs, ...leaseSaboteurs, ...guardSaboteurs };

describe('every law of a cache store', () => {
  it('has a store that breaks it', () => {
    expect(Object.keys(saboteurs).sort()).toEqual(cacheStoreLaws.map(({ name }) => name).sort());
  });

  const cases = cacheStoreLaws.flatMap((law) =>
    (saboteurs[law.name] ?? []).map((saboteur, i) => ({ law, saboteur, i })),
  );
  it.each(cases.map((one) => [`${one.law.name} (${one.i + 1})`, one] as const))(
    'catches it: %s',
    async (_, { law, saboteur }) => {
      const clock = virtualClock();
      const store = saboteur(memoryCacheStore({ clock }));
      await expect(
        law.verify({ store, other: store, advance: (ms) => clock.advance(ms), toleranceMs: 0 }),
      ).rejects.toBeInstanceOf(Error);
    },
  );
});
