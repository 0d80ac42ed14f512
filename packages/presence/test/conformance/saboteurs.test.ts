import { presenceStoreLaws } from '@parley/presence/conformance';
import { describe, expect, it } from 'vitest';
import { endingSaboteurs } from './ending-saboteurs.ts';
import { faultSaboteurs } from './fault-saboteurs.ts';
import { leaseSaboteurs } from './lease-saboteurs.ts';
import { limitSaboteurs } from './limit-saboteurs.ts';
import { memoryHarness } from './memory-harness.ts';
import { raceSaboteurs } from './race-saboteurs.ts';
import type { Saboteurs } from './saboteur.ts';
import { viewSaboteurs } from './view-saboteurs.ts';

const saboteurs: Saboteurs = {
  ...viewSaboteurs,
  ...leaseSaboteurs,
  ...endingSaboteurs,
  ...limitSaboteurs,
  ...raceSaboteurs,
  ...faultSaboteurs,
};

describe('every law of a store', () => {
  it('has a store that breaks it', () => {
    expect(Object.keys(saboteurs).toSorted()).toEqual(presenceStoreLaws.map(({ name }) => name).toSorted());
  });

  const cases = presenceStoreLaws.flatMap((law) =>
    (saboteurs[law.name] ?? []).map((saboteur, i) => ({ law, saboteur, i })),
  );
  it.each(cases.map((one) => [`${one.law.name} (${one.i + 1})`, one] as const))(
    'catches it: %s',
    async (_name, { law, saboteur }) => {
      const harness = memoryHarness();
      const store = saboteur(harness.store);
      await expect(law.verify({ ...harness, store, other: store })).rejects.toBeInstanceOf(Error);
    },
  );
});
