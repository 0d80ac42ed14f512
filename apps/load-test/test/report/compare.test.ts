import { expect, it } from 'vitest';
import { changesOf, comparisonOf, differencesOf } from '../../src/report/compare.ts';
import { aResult } from '../support/a-result.ts';

const before = aResult({
  metrics: {
    lost: 0,
    'delivery.p99': 20,
    'acked.perSecond': 300,
    'cpu.hub': 0.5,
    'lateness.p99': 1,
    sent: 10,
  },
});

it('times that fall are better, rates that fall are worse, and a tenth is chance', () => {
  const after = aResult({
    metrics: {
      lost: 0,
      'delivery.p99': 10,
      'acked.perSecond': 200,
      'cpu.hub': 0.52,
      'lateness.p99': 9,
      sent: 50,
    },
  });
  const verdicts = Object.fromEntries(
    changesOf(before, after).map(({ metric, verdict }) => [metric, verdict]),
  );
  expect(verdicts).toEqual({
    lost: 'same',
    'delivery.p99': 'better',
    'acked.perSecond': 'worse',
    'cpu.hub': 'same',
    'lateness.p99': 'other',
    sent: 'other',
  });
});

it('a loss where there was none stands first', () => {
  const after = aResult({ metrics: { ...before.metrics, lost: 3, 'delivery.p99': 200 } });
  expect(changesOf(before, after)[0]).toMatchObject({ metric: 'lost', verdict: 'worse', ratio: undefined });
});

it('runs of something else are compared, and it is said that they are', () => {
  const after = aResult({ nodes: 1, size: { ...before.size, rate: 600 } });
  expect(differencesOf(before, after)).toEqual(['rate: 300 before, 600 after', 'nodes: 3 before, 1 after']);
  expect(comparisonOf(before, after)).toContain('NOT THE SAME  nodes: 3 before, 1 after');
  expect(differencesOf(before, before)).toEqual([]);
});
