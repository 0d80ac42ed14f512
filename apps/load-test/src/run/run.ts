import { randomBytes } from 'node:crypto';
import { availableParallelism, cpus, release, totalmem, type } from 'node:os';
import { setTimeout as sleep } from 'node:timers/promises';
import { seededRandom } from '@parley/services';
import { markerOf } from '../generator/content.ts';
import { Crew } from '../generator/crew.ts';
import { meters } from '../generator/figures.ts';
import type { Interval } from '../generator/protocol.ts';
import { machineNow } from '../measure/clock.ts';
import { Sampler } from '../measure/sampler.ts';
import type { Guest, Profile, Size } from '../profiles/profile.ts';
import type { Target } from '../target/target.ts';
import { populate, type Populated } from '../target/workspace.ts';
import { audit, headsOf } from './audit.ts';
import { metricsOf, verdictsOf } from './metrics.ts';
import { format, type Mark, type Result } from './result.ts';
import { added, processSeries, round } from './series.ts';
import { Timeline } from './timeline.ts';
import { readUnseen } from './unseen.ts';
import { warningsOf } from './warnings.ts';

export interface RunOptions {
  readonly profile: Profile;
  readonly size: Size;
  readonly seed: number;
  readonly workers: number;
  readonly target: Target;
  /** Told what is going on. */
  readonly say: (line: string) => void;
  /** Told once a second. */
  readonly onProgress?: (timeline: Timeline, second: number) => void;
}

const leadMs = 500;
const settleMs = 60_000;
const curve = [0, 10, 25, 50, 75, 90, 95, 99, 99.5, 99.9, 99.95, 99.99, 100];

/** One run against a hub that is there. */
export async function runProfile(options: RunOptions): Promise<Result> {
  const { profile, target, size, seed, say } = options;
  const run = randomBytes(3).toString('hex');
  const layout = profile.layout(size, seededRandom(seed));
  say(`makes ${layout.users} users and ${layout.channels.length} channels`);
  const populated = await populate(target.api, run, layout);
  try {
    return await measure({ ...options, run, populated });
  } finally {
    if (target.ground === 'foreign') await populated.leave();
  }
}

interface MeasureOptions extends RunOptions {
  readonly run: string;
  readonly populated: Populated;
}

/** Its processes end with it, whatever becomes of it. */
async function measure(options: MeasureOptions): Promise<Result> {
  const { profile, size, seed, workers, target, run, populated } = options;
  let hear: (interval: Interval) => void = () => {};
  const guest = await profile.invite?.(target, populated, run);
  const crew = new Crew({
    plan: {
      run,
      seed,
      urls: target.urls,
      channels: populated.channels,
      agents: populated.agents,
      traffic: profile.traffic(size),
    },
    workers,
    onInterval: (interval) => hear(interval),
  });
  try {
    return await observe({ ...options, guest }, crew, (listener) => (hear = listener));
  } finally {
    await guest?.[Symbol.asyncDispose]();
    await crew[Symbol.asyncDispose]();
  }
}

async function observe(
  {
    profile,
    size,
    seed,
    workers,
    target,
    say,
    onProgress,
    run,
    populated,
    guest,
  }: MeasureOptions & { readonly guest: Guest | undefined },
  crew: Crew,
  listen: (listener: (interval: Interval) => void) => void,
): Promise<Result> {
  const warmUp = profile.warmUp ?? 5;
  const began = new Date().toISOString();
  const sampler = new Sampler(() => [...target.measured, ...crew.measured, ...(guest?.measured ?? [])]);
  const before = sampler.memoryOf(['hub']);
  say(`connects ${populated.agents.length} agents`);
  const connectingSince = machineNow();
  await crew.connect();
  const connectSeconds = (machineNow() - connectingSince) / 1_000;
  const eachKB = ((sampler.memoryOf(['hub']) - before) * 1_000) / populated.agents.length;

  const from = machineNow() + leadMs;
  const measureFrom = from + warmUp * 1_000;
  const until = measureFrom + size.seconds * 1_000;
  const timeline = new Timeline(measureFrom);
  listen((interval) => timeline.add(interval, machineNow()));
  const marks: Mark[] = [];
  const mark = (label: string): void => {
    marks.push({ at: (machineNow() - measureFrom) / 1_000, label });
    say(label);
  };
  sampler.start();
  const progress = setInterval(
    () => onProgress?.(timeline, Math.floor((machineNow() - measureFrom) / 1_000)),
    1_000,
  );
  try {
    say(`sends ${size.rate} messages a second, for ${warmUp} s to warm up and ${size.seconds} s`);
    const course = profile.course?.({
      target,
      agents: populated.agents.length,
      at: (part) => sleep(Math.max(0, measureFrom + part * size.seconds * 1_000 - machineNow())),
      mark,
      order: (order) => crew.order(order),
      resumes: () => crew.order({ do: 'resume', since: machineNow() }),
    });
    const [sent] = await Promise.all([
      crew.run({ from, measureFrom, until }),
      course,
      guest?.stay(measureFrom, until),
    ]);
    const acked = sent.map((one) => one.acked);
    say('waits until everybody has everything');
    const outcomes = await crew.settle(headsOf(populated.channels.length, acked), settleMs);
    for (const { interval } of outcomes) timeline.add(interval, machineNow());
    sampler.stop();
    const told = await guest?.tell();
    for (const meter of meters)
      for (const time of told?.times[meter] ?? []) timeline.histograms[meter].record(time);
    const inspected = await profile.inspect?.(target, populated);
    const records = outcomes.map((outcome) => outcome.records);
    const marker = markerOf(run);
    const { api } = target;
    records.push(await readUnseen({ api, channels: populated.channels, acked, records, marker }));
    const sum = (of: (outcome: (typeof outcomes)[number]) => number): number =>
      outcomes.reduce((total, outcome) => total + of(outcome), 0);
    const seconds = timeline.seconds();
    const metrics = metricsOf({
      totals: {
        delivered: sum(({ totals }) => totals.delivered),
        lost: sum(({ totals }) => totals.lost),
        doubled: sum(({ totals }) => totals.doubled),
        disordered: sum(({ totals }) => totals.disordered),
        told: sum(({ totals }) => totals.told),
      },
      audit: audit(acked, records),
      counts: timeline.totals,
      unanswered: sent.reduce((total, one) => total + one.unanswered, 0),
      notLive: populated.agents.length - sum(({ live }) => live),
      histograms: timeline.histograms,
      seconds,
      measuredSeconds: size.seconds,
      samples: sampler.samples.filter(({ at }) => at >= measureFrom && at <= until),
      more: {
        'connect.seconds': connectSeconds,
        // What a hub takes for a few connections is less than what it takes and gives back by itself.
        ...(target.nodes.length > 0 &&
          populated.agents.length >= 1_000 && { 'memory.eachConnectionKB': eachKB }),
        ...inspected,
        ...told?.metrics,
      },
    });
    const histograms = timeline.histograms;
    return {
      format,
      profile: profile.name,
      about: profile.about,
      began,
      size: { ...size, warmUp },
      ground: target.ground,
      nodes: target.nodes.length || target.urls.length,
      workers,
      seed,
      machine: `${availableParallelism()} x ${cpus()[0]?.model ?? 'processor'}, ${(totalmem() / 2 ** 30).toFixed(0)} GiB, ${type()} ${release()}, Node ${process.versions.node}`,
      metrics: round(metrics),
      verdicts: verdictsOf(profile.objectives(size, target.ground), round(metrics)),
      times: Object.fromEntries(
        meters.flatMap((meter) => {
          const times = histograms[meter].percentiles();
          return times.count === 0 ? [] : [[meter, times]];
        }),
      ),
      deliveryCurve: curve.map((percent) => [percent, histograms.delivery.at(percent)]),
      seconds,
      processes: processSeries(sampler.samples, measureFrom),
      marks,
      refusals: added(outcomes.map(({ refusals }) => refusals)),
      problems: [...outcomes, ...(told === undefined ? [] : [told])]
        .flatMap(({ problems }) => problems)
        .slice(0, 20),
      warnings: warningsOf({
        metrics,
        processors: availableParallelism(),
        workers,
        onOneMachine: target.ground !== 'foreign',
      }),
    };
  } finally {
    clearInterval(progress);
    sampler.stop();
  }
}
