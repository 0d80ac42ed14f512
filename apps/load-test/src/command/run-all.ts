import { mkdir, writeFile } from 'node:fs/promises';
import { keptFile } from '../pages/kept.ts';
import { writePages } from '../pages/write-pages.ts';
import { summaryOf } from '../report/summary.ts';
import { passed } from '../run/result.ts';
import type { RunArguments } from './arguments.ts';
import { chosen } from './chosen.ts';
import { perform, type Output } from './perform.ts';
import { suite } from './suite.ts';

export interface RunAllOptions {
  readonly only: readonly string[] | undefined;
  readonly docs: URL;
  readonly output: Output;
  readonly print: (text: string) => void;
  /** Of each run; a shorter one is for trying. */
  readonly size?: Partial<Pick<RunArguments, 'agents' | 'rate' | 'seconds'>>;
}

/** Runs the profiles one after the other, keeps what was found and writes the pages; answers whether all objectives were met. */
export async function runAll({ only, docs, output, print, size = {} }: RunAllOptions): Promise<boolean> {
  const met: boolean[] = [];
  for (const { name, profile, on } of chosen(suite, only)) {
    output.say(`\n${name}`);
    const result = await perform({ ...plainRun(profile), ...size, on }, output);
    print(summaryOf(result));
    const file = keptFile(docs, name);
    await mkdir(new URL('.', file), { recursive: true });
    await writeFile(file, `${JSON.stringify(result)}\n`);
    // After each, so that nothing is lost with those to come.
    await writePages(docs);
    met.push(passed(result));
  }
  return met.every(Boolean);
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
