import { scalingFormat, type ScalingPoint, type ScalingResult } from '../../src/scaling/result.ts';

function point(x: number, metrics: Readonly<Record<string, number>>): ScalingPoint {
  const size = { agents: 100, rate: 100, seconds: 10 };
  const rates = { 'acked.perSecond': 100, 'delivered.perSecond': 1_000 };
  return { x, ...size, ground: 'redis', nodes: 1, metrics: { ...rates, ...metrics }, warnings: [] };
}

/** Three nodes cost more than they should; ten thousand connections 20 KB each. */
export function aScaling(): ScalingResult {
  return {
    format: scalingFormat,
    began: '2026-11-22T08:00:00.000Z',
    machine: '2 x processor',
    series: [
      {
        name: 'nodes',
        points: [
          point(1, { 'cpu.hub': 0.2, 'cpu.redis': 0.1 }),
          point(2, { 'cpu.hub': 0.3, 'cpu.redis': 0.1 }),
          point(3, { 'cpu.hub': 0.9, 'cpu.redis': 0.2 }),
        ],
      },
      {
        name: 'channels',
        points: [
          point(1, { 'cpu.hub': 0.5, 'cpu.postgres': 0.1 }),
          point(10, { 'cpu.hub': 0.5, 'cpu.postgres': 0.1 }),
        ],
      },
      {
        name: 'connections',
        points: [
          point(1_000, { 'cpu.hub': 0.1, 'memory.eachConnectionKB': 22 }),
          point(10_000, { 'cpu.hub': 0.1, 'memory.eachConnectionKB': 20 }),
        ],
      },
    ],
  };
}
