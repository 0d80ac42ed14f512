import type { ProcessSample } from '../measure/sampler.ts';
import type { ProcessSeries } from './result.ts';

/** What was seen of each process, in seconds since the measured time began. */
export function processSeries(samples: readonly ProcessSample[], measureFrom: number): ProcessSeries[] {
  const byName = Map.groupBy(samples, ({ name }) => name);
  return Array.from(byName, ([name, own]) => ({
    name,
    role: own[0]?.role ?? '',
    points: own.map(({ at, cpu, pss }) => ({
      at: Math.round((at - measureFrom) / 100) / 10,
      cpu: Math.round(cpu * 1_000) / 1_000,
      ...(pss !== undefined && { pss: Math.round(pss * 10) / 10 }),
    })),
  }));
}

/** As many places as anybody reads. */
export function round(metrics: Readonly<Record<string, number>>): Record<string, number> {
  return Object.fromEntries(
    Object.entries(metrics).map(([name, value]) => [name, Math.round(value * 1_000) / 1_000]),
  );
}

/** Several counts by name as one. */
export function added(all: readonly Readonly<Record<string, number>>[]): Record<string, number> {
  const sums: Record<string, number> = {};
  for (const [name, count] of all.flatMap((one) => Object.entries(one)))
    sums[name] = (sums[name] ?? 0) + count;
  return sums;
}
