import { noCounts } from '../../src/generator/figures.ts';
import { format, type Result } from '../../src/run/result.ts';

/** A run of two seconds, in which a node died. */
export function aResult(change: Partial<Result> = {}): Result {
  return {
    format,
    profile: 'node-kill',
    about: 'One of <three> nodes dies',
    began: '2026-11-22T08:00:00.000Z',
    size: { agents: 60, rate: 300, seconds: 2, warmUp: 1 },
    ground: 'postgres',
    nodes: 3,
    workers: 2,
    seed: 7,
    machine: '2 x processor',
    metrics: { lost: 0, 'delivery.p99': 12.345, 'memory.system': 250.5, 'acked.perSecond': 299.5 },
    verdicts: [
      { metric: 'lost', value: 0, atMost: 0, met: true },
      { metric: 'delivery.p99', value: 12.345, atMost: 10, met: false },
      { metric: 'resume.max', value: null, atMost: 3_000, met: false },
    ],
    times: { delivery: { count: 1_000, mean: 3, p50: 2.5, p90: 5, p99: 12.345, p999: 20, max: 31 } },
    deliveryCurve: [
      [0, 0.5],
      [50, 2.5],
      [100, 31],
    ],
    seconds: [-1, 0, 1].map((at) => ({
      at,
      counts: { ...noCounts(), sent: 300, acked: 299, delivered: 18_000 },
      live: 60,
      pause: 3,
      deliveryP50: at < 0 ? 0 : 2.5,
      deliveryP99: at < 0 ? 0 : 12.3,
      deliveryMax: 31,
      ackP99: 9,
    })),
    processes: [
      {
        name: 'hub-1',
        role: 'hub',
        points: [
          { at: 0, cpu: 0.5, pss: 120 },
          { at: 1, cpu: 0.7 },
        ],
      },
    ],
    marks: [{ at: 0.7, label: 'a node is "killed"' }],
    refusals: {},
    problems: [],
    warnings: ['The generator itself was late'],
    ...change,
  };
}
