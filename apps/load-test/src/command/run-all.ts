import { mkdir, writeFile } from 'node:fs/promises';
import { keptFile } from '../pages/kept.ts';
import { writePages } from '../pages/write-pages.ts';
import { summaryOf } from '../report/summary.ts';
import { passed } from '../run/result.ts';
import type { RunArguments } from './arguments.ts';
import { chosen } from './chosen.ts';
import { perform, type Output } from './perform.ts';
import { suite, type SuiteRun } from './suite.ts';

export interface RunAllOptions {
  readonly only: readonly string[] | undefined;
  readonly docs: URL;
  readonly output: Output;
  readonly print: (text: string) => void;
  /** Of each run; a shorter one is for trying. */
  readonly size?: Partial<Pick<RunArguments, 'agents' | 'rate' | 'seconds'>>;
}

/** Runs the profiles one after the other, keeps what was found and writes the pages; answers whether all objectives were met. */
export async function runAll({ only, ...options }: RunAllOptions): Promise<boolean> {
  const runs = chosen(suite, only);
  let met = true;
  for (const run of runs) {
    options.output.say(`\n${run.name}`);
    try {
      met = (await runOne(run, options)) && met;
    } catch (error) {
      // Those to come can be measured all the same; what was kept of this one before stays.
      options.print(`${run.name} could not run: ${error instanceof Error ? error.message : String(error)}`);
      met = false;
    }
  }
  return met;
}

async function runOne(
  { name, profile, on }: SuiteRun,
  { docs, output, print, size = {} }: Omit<RunAllOptions, 'only'>,
): Promise<boolean> {
  const result = await perform({ ...plainRun(profile), ...size, on }, output);
  print(summaryOf(result));
  const file = keptFile(docs, name);
  await mkdir(new URL('.', file), { recursive: true });
  await writeFile(file, `${JSON.stringify(result)}\n`);
  // After each, so that nothing is lost with those to come.
  await writePages(docs);
  return passed(result);
}

/** A run without any flags. */
export function plainRun(profile: string): RunArguments {
  return {
    do: 'run',
    profile,
    target: undefined,
    agents: undefined,
    rate: undefined,
    seconds: undefined,
    seed: undefined,
    on: undefined,
    nodes: undefined,
    workers: undefined,
    json: undefined,
    markdown: undefined,
    html: undefined,
    cpuProf: undefined,
  };
}
