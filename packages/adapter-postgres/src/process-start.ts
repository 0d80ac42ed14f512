import { execFile } from 'node:child_process';
import { readFile } from 'node:fs/promises';
import { promisify } from 'node:util';

const run = promisify(execFile);

/** What is known of a process where the platform tells no more than that it lives. */
const unknownStart = 'unknown';

/**
 * When the process began, as a word that is good for comparing and nothing else; undefined when there is no such process. A number alone
 * does not name a process: numbers are given out again, and in a container every first process has the same.
 */
export async function processStart(pid: number): Promise<string | undefined> {
  if (process.platform === 'linux') return startOnLinux(pid);
  if (!isAlive(pid)) return undefined;
  if (process.platform === 'win32') return unknownStart;
  const { stdout } = await run('ps', ['-o', 'lstart=', '-p', String(pid)]).catch(() => ({ stdout: '' }));
  const started = Date.parse(stdout.trim());
  return Number.isNaN(started) ? unknownStart : String(started);
}

/** Whether two words of `processStart` can be of the same process. */
export function sameStart(a: string, b: string): boolean {
  return a === b || a === unknownStart || b === unknownStart;
}

async function startOnLinux(pid: number): Promise<string | undefined> {
  const stat = await readFile(`/proc/${pid}/stat`, 'utf8').catch(() => '');
  // The second field is the program's name in brackets, which may contain anything.
  const fields = stat.slice(stat.lastIndexOf(')') + 2).split(' ');
  const [state, ticks] = [fields[0], fields[19]];
  // A zombie has ended, and only its parent does not know.
  if (ticks === undefined || state === 'Z' || state === 'X') return undefined;
  const boot = await readFile('/proc/sys/kernel/random/boot_id', 'utf8').catch(() => '');
  return `${boot.slice(0, 8)}${ticks}`;
}

function isAlive(pid: number): boolean {
  try {
    process.kill(pid, 0);
    return true;
  } catch (error) {
    // It lives, and belongs to somebody else.
    return error instanceof Error && Reflect.get(error, 'code') === 'EPERM';
  }
}
