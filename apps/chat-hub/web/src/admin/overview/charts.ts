import type { PointName } from './figures.ts';
import type { Unit } from './units.ts';

interface Line {
  readonly name: PointName;
  readonly label: string;
}

export interface ChartKind {
  readonly title: string;
  readonly unit: Unit;
  /** The first is the one that is told large. */
  readonly lines: readonly [Line, ...Line[]];
  /** The end of the scale, at least: so that nothing looks like much. */
  readonly least: number;
  /** What it is, and why it may be missing. */
  readonly about: string;
}

export const charts: readonly ChartKind[] = [
  {
    title: 'Messages',
    unit: 'rate',
    least: 5,
    lines: [{ name: 'messages', label: 'Messages' }],
    about: 'written here',
  },
  {
    title: 'Connections',
    unit: 'count',
    least: 5,
    lines: [
      { name: 'sockets', label: 'Connections' },
      { name: 'users', label: 'Users' },
    ],
    about: 'open now',
  },
  {
    title: 'Delivery',
    unit: 'time',
    least: 0.02,
    lines: [
      { name: 'delivery95', label: 'p95' },
      { name: 'delivery50', label: 'p50' },
    ],
    about: 'to who follows',
  },
  {
    title: 'Requests',
    unit: 'rate',
    least: 5,
    lines: [{ name: 'requests', label: 'Requests' }],
    about: 'answered',
  },
  {
    title: 'Answer time',
    unit: 'time',
    least: 0.02,
    lines: [
      { name: 'answer95', label: 'p95' },
      { name: 'answer50', label: 'p50' },
    ],
    about: 'of requests',
  },
  {
    title: 'Event loop delay',
    unit: 'time',
    least: 0.05,
    lines: [
      { name: 'lag99', label: 'p99' },
      { name: 'lag50', label: 'p50' },
    ],
    about: 'between turns',
  },
  {
    title: 'Memory',
    unit: 'bytes',
    least: 268_435_456,
    lines: [
      { name: 'memory', label: 'All' },
      { name: 'heap', label: 'Heap' },
    ],
    about: 'in use',
  },
  {
    title: 'Processor',
    unit: 'part',
    least: 1,
    lines: [{ name: 'cpu', label: 'Processor' }],
    about: 'of one core',
  },
];
