import { AssertionError } from 'node:assert';
import { virtualClock } from '@parley/cache-core/kernel';
import { memorySessionStore } from '@parley/cache-core/session';
import { sessionStoreLaws } from '@parley/cache-core/session/conformance';
import { describe, expect, it } from 'vitest';
import { endingSaboteurs } from './ending-saboteurs.ts';
import { lifeSaboteurs } from './life-saboteurs.ts';
import type { Saboteurs } from './saboteur.ts';

const saboteurs: Saboteurs = { ...lifeSaboteurs, ...endingSaboteurs };

describe('every law of a store of sessions', () => {
  it('has a store that breaks it', () => {
    expect(Object.keys(saboteurs).toSorted()).toEqual(sessionStoreLaws.map(({ name }) => name).toSorted());
  });

  const cases = sessionStoreLaws.flatMap((law) =>
    (saboteurs[law.name] ?? []).map((saboteur, i) => ({ law, saboteur, i })),
  );
  it.each(cases.map((one) => [`${one.law.name} (${one.i + 1})`, one] as const))(
    'catches it: %s',
    async (_name, { law, saboteur }) => {
      const clock = virtualClock();
      const store = saboteur(memorySessionStore({ clock }));
      const advance = (ms: number): Promise<void> => clock.advance(ms);
      await expect(law.verify({ store, other: store, advance, toleranceMs: 0 })).rejects.toBeInstanceOf(
        AssertionError,
      );
    },
  );
});
