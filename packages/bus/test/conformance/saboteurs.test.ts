import { memoryBroker, type Broker } from '@parley/bus';
import { brokerLaws, busLaws } from '@parley/bus/conformance';
import { virtualClock, type VirtualClock } from '@parley/cache-core/kernel';
import { describe, expect, it } from 'vitest';
import { busSaboteurs } from './bus-saboteurs.ts';
import { feedSaboteurs } from './feed-saboteurs.ts';
import { jobSaboteurs } from './job-saboteurs.ts';
import type { Saboteurs } from './saboteur.ts';
import { streamSaboteurs } from './stream-saboteurs.ts';

interface Harness {
  readonly broker: Broker;
  readonly other: Broker;
  readonly clock: VirtualClock;
  readonly advance: (ms: number) => Promise<void>;
  readonly toleranceMs: number;
}

interface AnyLaw {
  readonly name: string;
  readonly verify: (harness: Harness) => Promise<unknown>;
}

describe.each<[string, readonly AnyLaw[], Saboteurs]>([
  ['a broker', brokerLaws, { ...streamSaboteurs, ...feedSaboteurs, ...jobSaboteurs }],
  ['a bus', busLaws, busSaboteurs],
])('every law of %s', (_, laws, saboteurs) => {
  it('has a broker that breaks it', () => {
    expect(Object.keys(saboteurs).toSorted()).toEqual(laws.map(({ name }) => name).toSorted());
  });

  const cases = laws.flatMap((law) =>
    (saboteurs[law.name] ?? []).map((saboteur, i) => ({ law, saboteur, i })),
  );
  it.each(cases.map((one) => [`${one.law.name} (${one.i + 1})`, one] as const))(
    'catches it: %s',
    async (_name, { law, saboteur }) => {
      const clock = virtualClock();
      const broker = saboteur(memoryBroker({ clock }));
      const advance = (ms: number): Promise<void> => clock.advance(ms);
      await expect(
        law.verify({ broker, other: broker, clock, advance, toleranceMs: 0 }),
      ).rejects.toBeInstanceOf(Error);
    },
  );
});
