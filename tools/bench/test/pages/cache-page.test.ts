import { expect, test } from 'vitest';
import { cachePage } from '../../benches/pages/cache-page.ts';
import type { Results, ScenarioResult } from '../../benches/pages/results.ts';

const scenario: ScenarioResult = {
  id: 'redis-hit',
  unit: 'ops/s',
  better: 'higher',
  ours: 100_000,
  floor: 110_000,
  spread: 0.05,
  rivals: { slow: 50_000, even: 101_000, fast: 200_000, broken: null },
  goals: [
    { goal: 'at least 0.9x floor', actual: 0.91, met: true },
    { goal: 'at least 1x fast', actual: 0.5, met: false },
  ],
  ratios: {
    floor: { ratio: 0.91, spread: 0.02 },
    slow: { ratio: 2, spread: 0.02 },
    even: { ratio: 0.99, spread: 0.05 },
    fast: { ratio: 0.5, spread: 0.05 },
  },
  subjects: { ours: {}, broken: { failure: 'threw in setup: no\nmore' } },
};

const results = (more: Partial<Results['meta']> = {}, scenarios = [scenario]): Results => ({
  meta: {
    date: '2026-01-02T03:04:05Z',
    node: 'v24.0.0',
    cpu: 'Some CPU',
    cores: 2,
    load: 0.5,
    quick: false,
    ...more,
  },
  scenarios,
});

test('a row has ours, the floor, the rivals and the verdict', () => {
  expect(cachePage(results())).toContain(
    '| `redis-hit` | ops/s | 100k | 110k | 0.910x | slow 50.0k, even 101k, fast 200k, broken failed | ±5.0% | missed 1 of 2 |',
  );
});

test('losses, draws, missed goals and failures are told, victories are not', () => {
  const page = cachePage(results());
  expect(page).toContain('- We lose to fast in `redis-hit` by 50%.');
  expect(page).toContain('- Level with even in `redis-hit`, within the spread.');
  expect(page).toContain('- Goal missed in `redis-hit`: at least 1x fast; it is 0.500.');
  expect(page).toContain('- broken failed in `redis-hit`: threw in setup: no');
  expect(page).not.toContain('slow in `redis-hit`');
});

test('where lower is better, more is a loss', () => {
  const slower = { ...scenario, better: 'lower', ratios: { fast: { ratio: 1.5, spread: 0.1 } } } as const;
  expect(cachePage(results({}, [slower]))).toContain('- We lose to fast in `redis-hit` by 50%.');
});

test('a busy machine and short rounds are confessed', () => {
  const [calm, busy] = [cachePage(results()), cachePage(results({ load: 4, quick: true }))];
  expect(busy).toContain('did other work meanwhile');
  expect(busy).toContain('Rounds were short');
  expect(calm).not.toContain('did other work meanwhile');
  expect(calm).not.toContain('Rounds were short');
});
