import { AssertionError } from 'node:assert';
import { virtualClock } from '@parley/cache-core/kernel';
import { memoryLimitStore } from '@parley/ratelimit';
import { limitStoreLaws } from '@parley/ratelimit/conformance';
import { describe, expect, it } from 'vitest';
import { changeSaboteurs } from './change-saboteurs.ts';
import { requestSaboteurs } from './request-saboteurs.ts';
import { ruleSaboteurs } from './rule-saboteurs.ts';
import type { Saboteurs } from './saboteur.ts';

const saboteurs: Saboteurs = { ...ruleSaboteurs, ...requestSaboteurs, ...changeSaboteurs };

describe('every law of a store', () => {
  it('has a store that breaks it', () => {
    expect(Object.keys(saboteurs).toSorted()).toEqual(limitStoreLaws.map(({ name }) => name).toSorted());
  });

  const cases = limitStoreLaws.flatMap((law) =>
    (saboteurs[law.name] ?? []).map((saboteur, i) => ({ law, saboteur, i })),
  );
  it.each(cases.map((one) => [`${one.law.name} (${one.i + 1})`, one] as const))(
    'catches it: %s',
    async (_name, { law, saboteur }) => {
      const clock = virtualClock();
      const store = saboteur(memoryLimitStore({ clock }));
      const advance = (ms: number): Promise<void> => clock.advance(ms);
      await expect(law.verify({ store, other: store, advance })).rejects.toBeInstanceOf(AssertionError);
    },
  );
});
