import { setImmediate } from 'node:timers/promises';
import { cpuSecondsOf, ownCpuSeconds } from './cpu.ts';
import { closedLoop } from './load/closed-loop.ts';
import type { Latencies } from './load/latencies.ts';
import { loop } from './load/loop.ts';
import type { Count } from './load/loop.ts';
import { openLoop } from './load/open-loop.ts';
import type { Load, Percentile, Work } from './scenario.ts';

export interface RoundPlan {
  readonly ms: number;

  /** Runs before the clock starts: while the others had their rounds, this process has gone cold. */
  readonly warmUpMs: number;

  /** Whose CPU time belongs to the work as well. */
  readonly serverPids: readonly number[];
}

export interface RoundResult {
  /** In the unit of the scenario. */
  readonly value: number;

  /** Everything else that was seen, by name. */
  readonly figures: Readonly<Record<string, number>>;
}

/** One round of one subject, in the subject's own process. */
export async function runRound(load: Load, work: Work, plan: RoundPlan): Promise<RoundResult> {
  if (load.kind !== 'measure') await drive(load, work, plan.warmUpMs);
  const before = cpu(plan);
  const driven = await drive(load, work, plan.ms);
  const after = cpu(plan);
  const used = after.own - before.own;
  const value = countsByCpu(load) ? driven.calls / used : driven.value;
  const figures = {
    ...driven.figures,
    ...cpuFigures(load, driven.calls, used),
    ...(after.servers !== undefined &&
      before.servers !== undefined && { serverCpuSeconds: after.servers - before.servers }),
    ...work.figures?.(),
    ...(await memory()),
  };
  for (const [name, figure] of Object.entries({ value, ...figures }))
    if (!Number.isFinite(figure)) throw new TypeError(`${name} is ${figure}, not a finite number`);
  return { value, figures };
}

interface Driven {
  readonly value: number;
  readonly figures: Readonly<Record<string, number>>;
  readonly calls: number;
}

async function drive(load: Load, work: Work, ms: number): Promise<Driven> {
  const op = (i: number): unknown => work.op(i);
  if (load.kind === 'measure') return measured(await op(0));
  if (load.kind === 'loop') return throughput(loop(op, ms));
  if (load.kind === 'open') {
    const latencies = await newLatencies();
    const count = await openLoop(op, { perSecond: load.perSecond, ms, latencies });
    return latency(count, latencies, load.report ?? 'p99');
  }
  const { inFlight, report } = load;
  if (report === undefined) return throughput(await closedLoop(op, { inFlight, ms }));
  const latencies = await newLatencies();
  return latency(await closedLoop(op, { inFlight, ms, latencies }), latencies, report);
}

function measured(value: unknown): Driven {
  if (typeof value !== 'number') throw new TypeError(`op measured ${typeof value}, not a number`);
  return { value, figures: {}, calls: 1 };
}

/** Loaded only where it is used: what it weighs would count as the subject's memory. */
async function newLatencies(): Promise<Latencies> {
  const { Latencies } = await import('./load/latencies.ts');
  return new Latencies();
}

function perSecond({ calls, elapsedMs }: Count): number {
  return (calls / elapsedMs) * 1000;
}

function throughput(count: Count): Driven {
  const value = perSecond(count);
  return { value, figures: { opsPerSecond: value }, calls: count.calls };
}

function latency(count: Count, latencies: Latencies, report: Percentile): Driven {
  const percentiles = latencies.percentiles();
  const figures = { ...percentiles, opsPerSecond: perSecond(count) };
  return { value: percentiles[report], figures, calls: count.calls };
}

function cpu({ serverPids }: RoundPlan): { own: number; servers: number | undefined } {
  const servers = serverPids.length === 0 ? undefined : cpuSecondsOf(serverPids);
  return { own: ownCpuSeconds(), servers };
}

function countsByCpu(load: Load): boolean {
  return (load.kind === 'loop' || load.kind === 'closed') && load.per === 'cpuSecond';
}

function cpuFigures(load: Load, calls: number, seconds: number): Record<string, number> {
  // An open loop waits by going round, so its CPU time says nothing of the work.
  if (load.kind === 'open') return {};
  if (load.kind === 'measure' || seconds === 0) return { cpuSeconds: seconds };
  return { cpuSeconds: seconds, opsPerCpuSecond: calls / seconds };
}

/** What stays reachable after the round; collecting here also keeps this round's garbage out of the next. */
async function memory(): Promise<Record<string, number>> {
  await setImmediate();
  globalThis.gc?.();
  const { heapUsed, rss, external } = process.memoryUsage();
  return { heapMB: heapUsed / 1e6, rssMB: rss / 1e6, externalMB: external / 1e6 };
}
