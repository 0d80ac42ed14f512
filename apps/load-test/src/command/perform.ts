import { mkdir } from 'node:fs/promises';
import { resolve } from 'node:path';
import { runProfile } from '../run/run.ts';
import type { Result } from '../run/result.ts';
import type { Timeline } from '../run/timeline.ts';
import { foreignTarget, openOwnTarget, type Target } from '../target/target.ts';
import { UsageError, type RunArguments } from './arguments.ts';
import { planOf, type Plan } from './plan.ts';
import { progressLine } from './progress.ts';

export interface Output {
  readonly say: (line: string) => void;
  /** In place of what was shown before, where there is a terminal. */
  readonly show: (line: string) => void;
}

/** One run, with a hub of its own that ends with it unless another one is named. */
export async function perform(
  args: RunArguments,
  { say, show }: Output,
  more?: Partial<Plan>,
): Promise<Result> {
  const plan = { ...planOf(args), ...more };
  const { profile, size, seed } = plan;
  const target = await targetOf(args, plan, say);
  try {
    return await runProfile({
      profile,
      size,
      seed,
      workers: plan.workers,
      target,
      say,
      onProgress: (timeline: Timeline, second: number) => show(progressLine(timeline, second, size)),
    });
  } finally {
    await target[Symbol.asyncDispose]();
  }
}

async function targetOf(args: RunArguments, plan: Plan, say: (line: string) => void): Promise<Target> {
  if (args.target !== undefined) {
    const token = process.env['PARLEY_TOKEN'] ?? '';
    if (token === '')
      throw new UsageError(
        'PARLEY_TOKEN is not set: --target needs a token that may make users and channels',
      );
    return foreignTarget(args.target, token);
  }
  const { ground, nodes } = plan;
  say(`starts a hub of ${nodes} ${nodes === 1 ? 'node' : 'nodes'} (${ground}); seed ${plan.seed}`);
  if (args.cpuProf !== undefined) await mkdir(args.cpuProf, { recursive: true });
  const profile = args.cpuProf === undefined ? undefined : resolve(args.cpuProf);
  return openOwnTarget({ ground, nodes, spare: plan.profile.spare, profile });
}
