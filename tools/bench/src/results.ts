import { closeSync, existsSync, openSync, renameSync, rmSync, writeFileSync } from 'node:fs';
import { cpus, loadavg } from 'node:os';
import type { Summary } from './summary.ts';
import { rivalsOf, standingNamed } from './summary.ts';
import { UsageError } from './usage.ts';

export interface RunMeta {
  readonly bench: string;
  readonly seed: number;
  readonly quick: boolean;
  readonly startedAt: Date;
}

/** A file that cannot be written must be known before the work, not after it. */
export function requireWritable(file: string): void {
  const existed = existsSync(file);
  try {
    closeSync(openSync(file, 'a'));
  } catch (error) {
    throw new UsageError(`--json: ${error instanceof Error ? error.message : String(error)}`, {
      cause: error,
    });
  }
  if (!existed) rmSync(file);
}

/** Whole or not at all: a reader never sees half a file. */
export function writeResults(file: string, summaries: readonly Summary[], meta: RunMeta): void {
  const scenarios = Object.fromEntries(summaries.map((summary) => [summary.id, scenarioJson(summary)]));
  const temporary = `${file}.${process.pid}.tmp`;
  writeFileSync(temporary, `${JSON.stringify({ $meta: metaJson(meta), ...scenarios }, null, 2)}\n`);
  renameSync(temporary, file);
}

function metaJson({ bench, seed, quick, startedAt }: RunMeta): Record<string, unknown> {
  const cores = cpus();
  return {
    bench,
    date: startedAt.toISOString(),
    node: process.version,
    platform: `${process.platform} ${process.arch}`,
    cpu: cores[0]?.model.trim() ?? 'unknown',
    cores: cores.length,
    load: loadavg()[0],
    seed,
    quick,
  };
}

/** The six keys at the head are what other tools read; a subject that failed is `null` there. */
function scenarioJson(summary: Summary): Record<string, unknown> {
  const median = (name: string) => standingNamed(summary, name)?.sample?.median ?? null;
  const { p50, p99, cpuSeconds, heapMB } = standingNamed(summary, 'ours')?.figures ?? {};
  return {
    unit: summary.unit,
    better: summary.better,
    ours: median('ours'),
    rivals: Object.fromEntries(rivalsOf(summary).map(({ name }) => [name, median(name)])),
    floor: median('floor'),
    spread: summary.spread,
    p50,
    p99,
    cpuSeconds,
    memoryMB: heapMB,
    goals: summary.goals.map(({ goal, actual, met }) => ({ goal, actual: actual ?? null, met })),
    ...(summary.doubts.length > 0 && { doubts: summary.doubts }),
    ratios: Object.fromEntries(
      summary.standings.flatMap(({ name, ratio }) =>
        ratio ? [[name, { ratio: ratio.median, spread: ratio.spread }]] : [],
      ),
    ),
    subjects: Object.fromEntries(
      summary.standings.map(({ name, role, sample, figures, rounds, failure }) => [
        name,
        { role, ...sample, figures, rounds, failure },
      ]),
    ),
  };
}
