import { performance } from 'node:perf_hooks';
import { run } from './run.ts';

export interface Fence {
  readonly name: string;
  /** Run one after the other; the first that fails ends the fence. */
  readonly commands: readonly (readonly [program: string, ...args: string[]])[];
  /** What someone types to repair or look closer. */
  readonly repair: string;
}

export interface Verdict {
  readonly fence: Fence;
  readonly passed: boolean;
  readonly seconds: number;
  readonly output: string;
}

async function runFence(fence: Fence, cwd: string): Promise<Verdict> {
  const started = performance.now();
  let passed = true;
  let output = '';
  for (const [program, ...args] of fence.commands) {
    const outcome = await run(program, args, { cwd });
    output += outcome.output;
    passed = outcome.code === 0;
    if (!passed) break;
  }
  return { fence, passed, seconds: (performance.now() - started) / 1000, output };
}

/** Runs all fences, also after one has failed, and prints a line for each. */
export async function runFences(
  fences: readonly Fence[],
  cwd: string,
  print: (text: string) => void,
): Promise<Verdict[]> {
  const width = Math.max(0, ...fences.map(({ name }) => name.length));
  const verdicts: Verdict[] = [];
  for (const fence of fences) {
    const verdict = await runFence(fence, cwd);
    verdicts.push(verdict);
    const word = verdict.passed ? 'ok    ' : 'FAILED';
    print(`${word} ${fence.name.padEnd(width)} ${verdict.seconds.toFixed(1).padStart(6)} s`);
    if (!verdict.passed) print(`${verdict.output.trimEnd()}\nrepair: ${fence.repair}\n`);
  }
  return verdicts;
}

export function summary(verdicts: readonly Verdict[]): string {
  const failed = verdicts.filter(({ passed }) => !passed).map(({ fence }) => fence.name);
  const passed = `${verdicts.length - failed.length} of ${verdicts.length} fences stand`;
  return failed.length === 0 ? passed : `${passed}; failed: ${failed.join(', ')}`;
}
