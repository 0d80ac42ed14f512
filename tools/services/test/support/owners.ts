import type { ChildProcess } from 'node:child_process';
import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { existsSync } from 'node:fs';
import { createInterface } from 'node:readline';
import { fileURLToPath } from 'node:url';
import { processInfo } from '../../src/processes.ts';
import { until } from '../../src/until.ts';

export interface Owned {
  readonly keeper: number;
  readonly folder: string;
  readonly pids: readonly number[];
}

export interface Owner {
  readonly process: ChildProcess;
  readonly owned: Owned;
  /** Settles also when the process has ended before it is asked. */
  readonly ended: Promise<unknown>;
}

const script = fileURLToPath(new URL('./owner.ts', import.meta.url));

/** Starts a process that owns servers, and resolves when it has told which. */
export async function startOwner(
  end: 'wait' | 'throw' | 'return',
  kinds: readonly ('redis' | 'cluster' | 'partition')[],
  env: Record<string, string> = {},
): Promise<Owner> {
  const child = spawn(process.execPath, ['--disable-warning=ExperimentalWarning', script, end, ...kinds], {
    stdio: ['ignore', 'pipe', 'ignore'],
    env: { ...process.env, ...env },
  });
  const ended = once(child, 'exit');
  const [line] = await Promise.race([
    once(createInterface({ input: child.stdout }), 'line'),
    ended.then(() => ['']),
  ]);
  if (line === '') throw new Error('the owner ended before it told what it owns');
  const owned: Owned = JSON.parse(String(line));
  return { process: child, owned, ended };
}

export function isRunning(pid: number): boolean {
  const info = processInfo(pid);
  return info !== undefined && info.state !== 'Z';
}

/** Resolves when neither processes nor folder of an owner are left. */
export async function untilGone({ keeper, folder, pids }: Owned): Promise<void> {
  await until(() => ![keeper, ...pids].some(isRunning) && !existsSync(folder), {
    what: `the processes ${[keeper, ...pids].join(', ')} and the folder ${folder} are gone`,
    deadline: 10_000,
  });
}
