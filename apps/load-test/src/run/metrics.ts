import { meters, type Counts } from '../generator/figures.ts';
import type { BookTotals } from '../generator/book.ts';
import type { Histogram } from '../measure/histogram.ts';
import type { ProcessRole } from '../measure/processes.ts';
import type { ProcessSample } from '../measure/sampler.ts';
import type { Objective } from '../profiles/profile.ts';
import type { Audit } from './audit.ts';
import type { Verdict } from './result.ts';
import type { Second } from './timeline.ts';

export interface Facts {
  readonly totals: BookTotals;
  readonly audit: Audit;
  readonly counts: Counts;
  readonly unanswered: number;
  readonly notLive: number;
  readonly histograms: Readonly<Record<string, Histogram>>;
  readonly seconds: readonly Second[];
  readonly measuredSeconds: number;
  /** Of the measured time. */
  readonly samples: readonly ProcessSample[];
  readonly more: Readonly<Record<string, number>>;
}

/** All figures of a run by name: what objectives are about, and what two runs are compared by. */
export function metricsOf(facts: Facts): Record<string, number> {
  const { totals, audit, counts, histograms, more } = facts;
  const metrics: Record<string, number> = {
    lost: totals.lost,
    doubled: totals.doubled,
    disordered: totals.disordered,
    toldAsMissed: totals.told,
    acknowledgedLost: audit.acknowledgedLost,
    altered: counts.altered + audit.altered,
    unanswered: facts.unanswered,
    notLive: facts.notLive,
    refused: counts.refused,
    resent: counts.resent,
    resyncs: counts.resyncs,
    lostConnections: counts.lostConnections,
    sent: counts.sent,
    acked: counts.acked,
    delivered: totals.delivered,
    ...rates(facts),
  };
  for (const meter of meters) {
    const times = histograms[meter]?.percentiles();
    if (times === undefined || times.count === 0) continue;
    for (const [name, value] of Object.entries(times)) metrics[`${meter}.${name}`] = value;
  }
  return { ...metrics, ...usage(facts), ...drift(facts), ...more };
}

/** Of the seconds that are within the measured time as a whole. */
function rates({
  seconds,
  measuredSeconds,
}: Pick<Facts, 'seconds' | 'measuredSeconds'>): Record<string, number> {
  const within = seconds.filter(({ at }) => at >= 0 && at < measuredSeconds - 1);
  const each = (counter: keyof Counts): number =>
    within.reduce((sum, { counts }) => sum + counts[counter], 0) / Math.max(1, within.length);
  return {
    'sent.perSecond': each('sent'),
    'acked.perSecond': each('acked'),
    'delivered.perSecond': each('delivered'),
  };
}

const roles: readonly ProcessRole[] = ['hub', 'redis', 'postgres', 'generator', 'browser', 'other'];

function usage({ samples, seconds, measuredSeconds }: Facts): Record<string, number> {
  const figures: Record<string, number> = {};
  for (const role of roles) {
    const own = samples.filter((sample) => sample.role === role);
    if (own.length === 0) continue;
    figures[`cpu.${role}`] = sumPerMoment(own, ({ cpu }) => cpu).reduce(mean, 0);
    const memory = sumPerMoment(withMemory(own), ({ pss = 0 }) => pss);
    if (memory.length > 0) figures[`memory.${role}`] = Math.max(...memory);
  }
  const system = withMemory(samples).filter(({ role }) => role !== 'generator' && role !== 'browser');
  if (system.length === 0) return figures;
  figures['memory.system'] = Math.max(...sumPerMoment(system, ({ pss = 0 }) => pss));
  const delivered = rates({ seconds, measuredSeconds })['delivered.perSecond'] ?? 0;
  if ((figures['cpu.hub'] ?? 0) > 0)
    figures['deliveries.perHubCpuSecond'] = delivered / (figures['cpu.hub'] ?? 1);
  return figures;
}

const withMemory = (samples: readonly ProcessSample[]): ProcessSample[] =>
  samples.filter(({ pss }) => pss !== undefined);

function mean(sum: number, value: number, _: number, { length }: readonly number[]): number {
  return sum + value / length;
}

/** Several processes are looked at in the same moment. */
function sumPerMoment(samples: readonly ProcessSample[], of: (sample: ProcessSample) => number): number[] {
  const sums = new Map<number, number>();
  for (const sample of samples) sums.set(sample.at, (sums.get(sample.at) ?? 0) + of(sample));
  return [...sums.values()];
}

/** What the hub took at most beyond what it took at first; and the last quarter against the second: what grows and does not stop is seen in it. */
function drift({ samples, seconds, measuredSeconds }: Facts): Record<string, number> {
  const quarters = <T>(all: readonly T[], nth: number): T[] =>
    all.slice(Math.floor((all.length * nth) / 4), Math.floor((all.length * (nth + 1)) / 4));
  const ratio = (values: readonly number[]): number => {
    const [early, late] = [quarters(values, 1), quarters(values, 3)].map((part) => part.reduce(mean, 0));
    return early === undefined || late === undefined || early === 0 ? 0 : late / early;
  };
  const memory = sumPerMoment(
    withMemory(samples).filter(({ role }) => role === 'hub'),
    ({ pss = 0 }) => pss,
  );
  const within = seconds.filter(({ at }) => at >= 0 && at < measuredSeconds);
  const figures = {
    'drift.memory': ratio(memory),
    'drift.delivery.p50': ratio(within.map(({ deliveryP50 }) => deliveryP50)),
  };
  const [first] = memory;
  return {
    ...(first !== undefined && { 'growth.memory': Math.max(...memory) - first }),
    ...Object.fromEntries(Object.entries(figures).filter(([, value]) => value > 0)),
  };
}

/** An objective about something that was not measured is missed: nobody can say that it was met. */
export function verdictsOf(
  objectives: readonly Objective[],
  metrics: Readonly<Record<string, number>>,
): Verdict[] {
  return objectives.map(({ metric, atMost, atLeast }) => {
    const value = metrics[metric];
    const met =
      value !== undefined &&
      (atMost === undefined || value <= atMost) &&
      (atLeast === undefined || value >= atLeast);
    return {
      metric,
      value: value ?? null,
      ...(atMost !== undefined && { atMost }),
      ...(atLeast !== undefined && { atLeast }),
      met,
    };
  });
}
