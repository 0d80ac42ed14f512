import type { ProcessPoint, Result } from '../../run/result.ts';
import type { Second } from '../../run/timeline.ts';
import { lineChart, type Line } from './line-chart.ts';

/** All charts of a run, in the order in which one asks. */
export function chartsOf(result: Result): string[] {
  const { seconds, marks, processes } = result;
  const over = (name: string, of: (second: Second) => number | undefined): Line => ({
    name,
    points: seconds.map((second) => [second.at, of(second)]),
  });
  const time = (of: (second: Second) => number) => (second: Second) =>
    of(second) > 0 ? of(second) : undefined;
  return [
    lineChart({
      title: 'Delivery and acknowledgement',
      about: 'percentiles of each second',
      unit: 'ms',
      logarithmic: true,
      marks,
      lines: [
        over(
          'delivery p50',
          time(({ deliveryP50 }) => deliveryP50),
        ),
        over(
          'delivery p99',
          time(({ deliveryP99 }) => deliveryP99),
        ),
        over(
          'delivery max',
          time(({ deliveryMax }) => deliveryMax),
        ),
        over(
          'acknowledgement p99',
          time(({ ackP99 }) => ackP99),
        ),
      ],
    }),
    lineChart({
      title: 'Messages',
      about: 'sent and acknowledged in each second',
      unit: '/s',
      marks,
      lines: [over('sent', ({ counts }) => counts.sent), over('acknowledged', ({ counts }) => counts.acked)],
    }),
    lineChart({
      title: 'Deliveries',
      about: 'to all receivers together in each second',
      unit: '/s',
      marks,
      lines: [over('delivered', ({ counts }) => counts.delivered)],
    }),
    curveChart(result),
    ...processCharts(processes, marks),
  ];
}

/** Percentiles as one reads them best: each nine takes as much place as the one before. */
function curveChart({ deliveryCurve }: Result): string {
  const place = (percent: number): number => (percent >= 100 ? 5 : -Math.log10(1 - percent / 100));
  return lineChart({
    title: 'Delivery by percentile',
    about: 'within which time how many deliveries were made',
    unit: 'ms',
    logarithmic: true,
    lines: [{ name: 'delivery', points: deliveryCurve.map(([percent, ms]) => [place(percent), ms]) }],
    xTicks: [0, 50, 90, 99, 99.9, 99.99, 100].map((percent) => ({
      at: place(percent),
      label: `${percent} %`,
    })),
  });
}

function processCharts(processes: Result['processes'], marks: Result['marks']): string[] {
  if (processes.length === 0) return [];
  const lines = (of: (point: ProcessPoint) => number | undefined): Line[] =>
    processes.map(({ name, points }) => ({
      name,
      points: points.map((point) => [point.at, of(point)] as const),
    }));
  return [
    lineChart({
      title: 'Processors',
      about: 'how many of them each process kept busy',
      unit: '',
      marks,
      lines: lines(({ cpu }) => cpu),
    }),
    lineChart({
      title: 'Memory',
      about: 'proportional set size of each process',
      unit: 'MB',
      marks,
      // It is asked for every few seconds.
      lines: lines(({ pss }) => pss)
        .map(({ name, points }) => ({ name, points: points.filter(([, pss]) => pss !== undefined) }))
        .filter(({ points }) => points.length > 0),
    }),
  ];
}
