import { memoryPresenceStore } from '@parley/presence';
import { presenceStoreLaws } from '@parley/presence/conformance';
import { virtualClock } from '@parley/cache-core/kernel';
import { describe, expect, it } from 'vitest';
import { endingSaboteurs } from './ending-saboteurs.ts';
import { leaseSaboteurs } from './lease-saboteurs.ts';
import type { Saboteurs } from './saboteur.ts';
import { viewSaboteurs } from './view-saboteurs.ts';

const saboteurs: Saboteurs = { ...viewSaboteurs, ...leaseSaboteurs, ...endingSaboteurs };

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
      const clock = virtualClock();
      const good = memoryPresenceStore({ clock });
      const store = saboteur(good);
      const advance = (ms: number): Promise<void> => clock.advance(ms);
      const lose = async (): Promise<void> => good.forget();
      await expect(law.verify({ store, other: store, advance, toleranceMs: 0, lose })).rejects.toBeInstanceOf(
        Error,
      );
    },
  );
});
