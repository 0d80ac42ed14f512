import { newSeed } from '@parley/services';
import { expect, test } from 'vitest';
import { chaos } from '../../chaos/bus-cluster.chaos.ts';

const seed = Number(process.env['PARLEY_CHAOS_SEED'] ?? newSeed());

test(`30 s of random faults lose, double and reorder nothing that is not told (PARLEY_CHAOS_SEED=${seed})`, async () => {
  const lines: string[] = [];
  const { signal } = new AbortController();
  await chaos.run({ seed, minutes: 0.5, signal, log: (line) => lines.push(line) });
  expect(lines.at(-1)).toMatch(/^[1-9]\d* acknowledged/);
}, 240_000);
