import { memoryBroker } from '@parley/bus';
import { brokerLaws } from '@parley/bus/conformance';
import { virtualClock } from '@parley/cache-core/kernel';
import { describe, expect, it } from 'vitest';
import { feedSaboteurs } from './feed-saboteurs.ts';
import { jobSaboteurs } from './job-saboteurs.ts';
import { streamSaboteurs } from './stream-saboteurs.ts';

const saboteurs = { ...streamSaboteurs, ...feedSaboteurs, ...jobSaboteurs };

describe('every law of a broker', () => {
  it('has a broker that breaks it', () => {
    expect(Object.keys(saboteurs).toSorted()).toEqual(brokerLaws.map(({ name }) => name).toSorted());
  });

  const cases = brokerLaws.flatMap((law) =>
    (saboteurs[law.name] ?? []).map((saboteur, i) => ({ law, saboteur, i })),
  );
  it.each(cases.map((one) => [`${one.law.name} (${one.i + 1})`, one] as const))(
    'catches it: %s',
    async (_, { law, saboteur }) => {
      const clock = virtualClock();
      const broker = saboteur(memoryBroker({ clock }));
      await expect(
        law.verify({ broker, other: broker, advance: (ms) => clock.advance(ms), toleranceMs: 0 }),
      ).rejects.toBeInstanceOf(Error);
    },
  );
});
