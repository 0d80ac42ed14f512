import type { ScalingPoint, ScalingSeries } from './result.ts';

export type Part = 'hub' | 'postgres' | 'redis';

/** Milliseconds of a processor for each message that was acknowledged; undefined: it does not take part. */
export function perMessage({ metrics }: ScalingPoint, part: Part): number | undefined {
  const [cpu, rate = 0] = [metrics[`cpu.${part}`], metrics['acked.perSecond']];
  return cpu === undefined || rate === 0 ? undefined : (cpu * 1_000) / rate;
}

/** Microseconds of the hub's processors for each delivery. */
export function perDelivery({ metrics }: ScalingPoint): number | undefined {
  const [cpu, rate = 0] = [metrics['cpu.hub'], metrics['delivered.perSecond']];
  return cpu === undefined || rate === 0 ? undefined : (cpu * 1e6) / rate;
}

/** Kilobytes of the hub's memory; known where there are many connections. */
export function perConnection({ metrics }: ScalingPoint): number | undefined {
  return metrics['memory.eachConnectionKB'];
}

export interface Bend {
  readonly x: number;
  /** What a straight line through the two points before would have come to. */
  readonly expected: number;
  readonly measured: number;
}

/** Two runs of the same differ by as much. */
const straight = 0.25;

const differ = (from: number, to: number): boolean =>
  Math.abs(to - from) > straight * Math.max(Math.abs(from), Number.EPSILON);

/** Where a line leaves the one that its first points draw. */
export function bendsOf(
  { points }: Pick<ScalingSeries, 'points'>,
  of: (point: ScalingPoint) => number | undefined,
): Bend[] {
  const known = points.flatMap((point) => {
    const y = of(point);
    return y === undefined ? [] : [{ x: point.x, y }];
  });
  return known.flatMap((point, i) => {
    const [a, b] = [known[i - 2], known[i - 1]];
    if (a === undefined || b === undefined) return [];
    // What two runs of the same differ by is no slope: ten times as far away it would be ten times as much.
    const slope = differ(a.y, b.y) ? (b.y - a.y) / (b.x - a.x) : 0;
    const expected = b.y + slope * (point.x - b.x);
    const differs = differ(expected, point.y);
    return differs ? [{ x: point.x, expected, measured: point.y }] : [];
  });
}

export interface Million {
  readonly memoryGB: number;
  /** Processors of hub nodes, which have one each. */
  readonly idle: number;
  readonly deliveries: number;
  readonly postgres: number;
  readonly redis: number | undefined;
}

/** For each connection: it is given a message every ten seconds, and says one every hundred. */
const millionHears = 1 / 10;
const millionSays = 1 / 100;

/** What a million connections would need if everything grew as it did until the last points; undefined: not enough is measured. */
export function millionOf(series: readonly ScalingSeries[]): Million | undefined {
  const last = (name: string): ScalingPoint | undefined =>
    series.find((one) => one.name === name)?.points.at(-1);
  // As many hear a message in the channels of ten as are assumed here.
  const [connections, channels, nodes] = [last('connections'), last('channels'), last('nodes')];
  if (connections === undefined || channels === undefined) return undefined;
  const [each, delivery, database] = [
    perConnection(connections),
    perDelivery(channels),
    perMessage(channels, 'postgres'),
  ];
  if (each === undefined || delivery === undefined || database === undefined) return undefined;
  const redis = nodes === undefined ? undefined : perMessage(nodes, 'redis');
  return {
    memoryGB: each,
    idle: ((connections.metrics['cpu.hub'] ?? 0) * 1e6) / connections.x,
    deliveries: millionHears * delivery,
    postgres: millionSays * 1e3 * database,
    redis: redis === undefined ? undefined : millionSays * 1e3 * redis,
  };
}
