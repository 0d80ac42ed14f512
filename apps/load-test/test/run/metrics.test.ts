import { expect, it } from 'vitest';
import { noCounts } from '../../src/generator/figures.ts';
import { Histogram } from '../../src/measure/histogram.ts';
import { metricsOf, verdictsOf, type Facts } from '../../src/run/metrics.ts';
import { warningsOf } from '../../src/run/warnings.ts';

function facts(change: Partial<Facts> = {}): Facts {
  const delivery = new Histogram();
  for (let i = 1; i <= 100; i += 1) delivery.record(i);
  return {
    totals: { delivered: 400, lost: 0, doubled: 1, disordered: 2, told: 3 },
    audit: { acknowledgedLost: 4, altered: 5 },
    counts: { ...noCounts(), altered: 1, sent: 40 },
    unanswered: 0,
    notLive: 0,
    histograms: { delivery },
    seconds: [-1, 0, 1, 2, 3].map((at) => ({
      at,
      counts: { ...noCounts(), acked: at < 0 ? 1_000 : 10, delivered: 100 },
      live: 4,
      pause: 0,
      deliveryP50: at + 1,
      deliveryP99: 5,
      deliveryMax: 6,
      ackP99: 7,
    })),
    measuredSeconds: 4,
    samples: [
      { at: 1, name: 'hub-1', role: 'hub', cpu: 0.5, pss: 100 },
      { at: 1, name: 'hub-2', role: 'hub', cpu: 0.5, pss: 120 },
      { at: 1, name: 'postgres', role: 'postgres', cpu: 0.2, pss: 50 },
      { at: 1, name: 'generator-1', role: 'generator', cpu: 0.9, pss: 80 },
      { at: 2, name: 'hub-1', role: 'hub', cpu: 1, pss: undefined },
      { at: 2, name: 'hub-2', role: 'hub', cpu: 0, pss: undefined },
    ],
    more: { absent: 2 },
    ...change,
  };
}

it('figures are those of the measured time, summed over processes of a kind', () => {
  expect(metricsOf(facts())).toMatchObject({
    lost: 0,
    doubled: 1,
    disordered: 2,
    acknowledgedLost: 4,
    altered: 6,
    'acked.perSecond': 10,
    'delivery.p50': 50.015,
    'delivery.max': 100,
    'cpu.hub': 1,
    'memory.hub': 220,
    'memory.system': 270,
    'deliveries.perHubCpuSecond': 100,
    'drift.delivery.p50': 2,
    'growth.memory': 0,
    absent: 2,
  });
});

it('memory that grows is measured from where it was at first', () => {
  const samples = [100, 130, 120].map(
    (pss, at) => ({ at, name: 'hub-1', role: 'hub', cpu: 0, pss }) as const,
  );
  expect(metricsOf(facts({ samples }))['growth.memory']).toBe(30);
});

it('what was not measured is no figure, and an objective about it is missed', () => {
  const metrics = metricsOf(facts({ samples: [] }));
  expect(metrics).not.toHaveProperty('memory.hub');
  expect(metrics).not.toHaveProperty('typing.p99');
  const verdicts = verdictsOf(
    [
      { metric: 'typing.p99', atMost: 5 },
      { metric: 'lost', atMost: 0 },
      { metric: 'doubled', atMost: 0 },
      { metric: 'acked.perSecond', atLeast: 10 },
      { metric: 'acked.perSecond', atLeast: 11 },
    ],
    metrics,
  );
  expect(verdicts.map(({ met }) => met)).toEqual([false, true, false, true, false]);
  expect(verdicts[0]?.value).toBeNull();
});

it('is told when the generator or the machine was the limit', () => {
  const doubts = { processors: 2, workers: 2, onOneMachine: true };
  expect(
    warningsOf({ ...doubts, metrics: { 'lateness.p99': 3, 'cpu.generator': 0.8, 'cpu.hub': 0.6 } }),
  ).toEqual([]);
  const [late, busy, full] = warningsOf({
    ...doubts,
    metrics: { 'lateness.p99': 30, 'cpu.generator': 1.9, 'cpu.hub': 0.1 },
  });
  expect(late).toContain('30.0 ms');
  expect(busy).toContain('95 %');
  expect(full).toContain('2.00 of 2');
});
