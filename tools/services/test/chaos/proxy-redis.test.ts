import { readdir } from 'node:fs/promises';
import { expect, test, vi } from 'vitest';
import { chaos } from '../../chaos/proxy-redis.chaos.ts';
import { newSeed } from '../../src/chaos.ts';
import { keeper } from '../../src/keeper.ts';

const seed = Number(process.env['PARLEY_CHAOS_SEED'] ?? newSeed());

const openSockets = (): number =>
  process.getActiveResourcesInfo().filter((name) => name.startsWith('TCP')).length;

test(`ten seconds of random faults break no promise and leave nothing behind (PARLEY_CHAOS_SEED=${seed})`, async () => {
  const { folder } = await keeper();
  const before = openSockets();
  const lines: string[] = [];
  const { signal } = new AbortController();
  await chaos.run({ seed, minutes: 10 / 60, signal, log: (line) => lines.push(line) });
  expect(lines.length).toBeGreaterThan(3);
  expect(lines.at(-1)).toMatch(/^[1-9]\d* faults; [1-9]\d* of \d+ increments/);
  expect((await readdir(await folder)).filter((name) => name.startsWith('redis'))).toEqual([]);
  await vi.waitFor(() => expect(openSockets()).toBeLessThanOrEqual(before));
}, 120_000);
