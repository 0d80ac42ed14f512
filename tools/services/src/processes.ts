import { execFileSync } from 'node:child_process';
import { readdirSync, readFileSync } from 'node:fs';
import { setTimeout as sleep } from 'node:timers/promises';

export interface ProcessInfo {
  readonly pid: number;
  readonly parent: number;
  /** First letter as `ps` shows it: R running, S sleeping, T stopped, Z zombie. */
  readonly state: string;
  /** Together with the pid it names one process for ever: a pid alone may have been given to a stranger. */
  readonly startTime: string;
}

const POLL_MS = 5;

function fromProc(pid: number): ProcessInfo | undefined {
  let stat: string;
  try {
    stat = readFileSync(`/proc/${pid}/stat`, 'utf8');
  } catch {
    return undefined;
  }
  // The second field is the program's name, which may hold spaces and brackets: count from the last bracket.
  const fields = stat.slice(stat.lastIndexOf(')') + 2).split(' ');
  return { pid, state: fields[0] ?? '', parent: Number(fields[1]), startTime: fields[19] ?? '' };
}

function fromPs(arguments_: readonly string[]): ProcessInfo[] {
  let table: string;
  try {
    table = execFileSync('ps', [...arguments_, '-o', 'pid=,ppid=,stat=,lstart='], {
      encoding: 'utf8',
      stdio: ['ignore', 'pipe', 'ignore'],
    });
  } catch {
    // `ps -p` answers with an error when no such process exists.
    return [];
  }
  return table
    .split('\n')
    .map((line) => line.trim().split(/\s+/))
    .filter((fields) => fields.length > 3)
    .map(([pid, parent, state, ...started]) => ({
      pid: Number(pid),
      parent: Number(parent),
      state: (state ?? '').slice(0, 1),
      startTime: started.join('-').replaceAll(':', '-'),
    }));
}

export function processInfo(pid: number): ProcessInfo | undefined {
  return process.platform === 'linux' ? fromProc(pid) : fromPs(['-p', String(pid)])[0];
}

function allProcesses(): ProcessInfo[] {
  if (process.platform !== 'linux') return fromPs(['-A']);
  return readdirSync('/proc')
    .filter((name) => /^\d+$/.test(name))
    .map((name) => fromProc(Number(name)))
    .filter((info) => info !== undefined);
}

/** A zombie is gone: only its exit status waits for a parent that may never ask. */
export function isAlive({ pid, startTime }: Pick<ProcessInfo, 'pid' | 'startTime'>): boolean {
  const now = processInfo(pid);
  return now !== undefined && now.startTime === startTime && now.state !== 'Z';
}

function signal(pid: number, name: NodeJS.Signals): void {
  try {
    process.kill(pid, name);
  } catch (error) {
    if (!(error instanceof Error && 'code' in error && error.code === 'ESRCH')) throw error;
  }
}

function tree(root: ProcessInfo): ProcessInfo[] {
  const all = allProcesses();
  const members = [root];
  for (const member of members) members.push(...all.filter((info) => info.parent === member.pid));
  return members;
}

/** Whether a process that was told to stop cannot run any more. */
function standsStill(info: ProcessInfo): boolean {
  if (!isAlive(info)) return true;
  const state = processInfo(info.pid)?.state;
  if (state !== 'D') return state === 'T';
  // Between vfork and exec a parent waits for its child and cannot take the signal: a stopped child holds it.
  return allProcesses().some((other) => other.parent === info.pid && other.state === 'T');
}

/** Stops a process and all below it. The parent first, and again until nobody new appears: a running parent may fork meanwhile. */
async function freeze(pid: number): Promise<ProcessInfo[]> {
  const root = processInfo(pid);
  if (root === undefined || root.state === 'Z') return [];
  const frozen = new Map<string, ProcessInfo>();
  for (;;) {
    const found = tree(root).filter(
      (info) => info.state !== 'Z' && !frozen.has(`${info.pid} ${info.startTime}`),
    );
    if (found.length === 0) return [...frozen.values()];
    for (const info of found) {
      signal(info.pid, 'SIGSTOP');
      frozen.set(`${info.pid} ${info.startTime}`, info);
    }
    await until(() => found.every(standsStill));
  }
}

async function until(condition: () => boolean): Promise<void> {
  while (!condition()) await sleep(POLL_MS);
}

/** Resolves when the kernel shows every process of the tree as stopped. */
export async function pauseTree(pid: number): Promise<void> {
  await freeze(pid);
}

/** Children first, so that a parent never meets a child that does not answer. */
export async function resumeTree(pid: number): Promise<void> {
  const root = processInfo(pid);
  if (root === undefined) return;
  const members = tree(root).toReversed();
  for (const info of members) signal(info.pid, 'SIGCONT');
  await until(() => members.every((info) => !isAlive(info) || processInfo(info.pid)?.state !== 'T'));
}

/** SIGKILL of a process and all below it; resolves when all are gone. */
export async function killTree(pid: number): Promise<void> {
  const members = await freeze(pid);
  for (const info of members) signal(info.pid, 'SIGKILL');
  await until(() => members.every((info) => !isAlive(info)));
}
