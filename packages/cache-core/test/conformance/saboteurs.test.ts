import { memoryCacheStore, memoryInvalidation } from '@parley/cache-core';
import { cacheLaws, cacheStoreLaws, type CacheHarness } from '@parley/cache-core/conformance';
import { virtualClock } from '@parley/cache-core/kernel';
import { describe, expect, it } from 'vitest';
import { coherenceSaboteurs } from './coherence-saboteurs.ts';
import { guardSaboteurs } from './guard-saboteurs.ts';
import { leaseSaboteurs } from './lease-saboteurs.ts';
import { recordSaboteurs } from './record-saboteurs.ts';
import { valueSaboteurs } from './value-saboteurs.ts';

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

/** Two processes in virtual time, which goes on also while nobody moves it: what is broken may wait for ever. */
async function verdict(verify: (harness: CacheHarness) => Promise<void>): Promise<unknown> {
  const clock = virtualClock();
  let moves = Promise.resolve();
  let idle = 0;
  const advance = (ms: number): Promise<void> => {
    idle = 0;
    return (moves = moves.then(() => clock.advance(ms)));
  };
  const memory = memoryCacheStore({ clock });
  const store = { ...memory, capabilities: { ...memory.capabilities, shared: true } };
  const process = { store, invalidation: memoryInvalidation() };
  const outcome: { error?: unknown; settled: boolean } = { settled: false };
  verify({ first: process, second: process, clock, advance, toleranceMs: 0 }).then(
    () => (outcome.settled = true),
    (error: unknown) => Object.assign(outcome, { error, settled: true }),
  );
  while (!outcome.settled) {
    await new Promise(setImmediate);
    idle += 1;
    if (idle > 200) await advance(100);
  }
  return outcome.error;
}

const cacheSaboteurs = { ...coherenceSaboteurs, ...valueSaboteurs };

describe('every law of a whole cache', () => {
  it('has processes that break it', () => {
    expect(Object.keys(cacheSaboteurs).sort()).toEqual(cacheLaws.map(({ name }) => name).sort());
  });

  it.each(cacheLaws.map((law) => [law.name, law] as const))(
    'is kept by the good ones: %s',
    async (_, law) => {
      expect(await verdict((harness) => law.verify(harness))).toBeUndefined();
    },
  );

  const cases = cacheLaws.flatMap((law) =>
    (cacheSaboteurs[law.name] ?? []).map((saboteur, i) => ({ law, saboteur, i })),
  );
  it.each(cases.map((one) => [`${one.law.name} (${one.i + 1})`, one] as const))(
    'catches it: %s',
    async (_, { law, saboteur }) => {
      expect(await verdict((harness) => law.verify(saboteur(harness)))).toBeInstanceOf(Error);
    },
  );
});
