import { readdirSync, readFileSync } from 'node:fs';

/** Linux counts in hundredths of a second, whatever the kernel was built for. */
const ticksPerSecond = 100;

interface Stat {
  readonly pid: number;
  readonly parent: number;
  readonly seconds: number;
}

/** This process, all threads, user and system. */
export function ownCpuSeconds(): number {
  const { user, system } = process.cpuUsage();
  return (user + system) / 1e6;
}

/**
 * The processes and their descendants, user and system, in steps of 10 ms: a Postgres is one process for each connection.
 * `undefined` where nothing is known of them: not on Linux, or the server runs elsewhere.
 */
export function cpuSecondsOf(pids: readonly number[]): number | undefined {
  const stats = readStats();
  const wanted = new Set(pids.filter((pid) => stats.some((stat) => stat.pid === pid)));
  if (wanted.size === 0) return undefined;
  // A child can stand before its parent in the list, so generations are added until none is new.
  for (let known = 0; known < wanted.size;) {
    known = wanted.size;
    for (const { pid, parent } of stats) if (wanted.has(parent)) wanted.add(pid);
  }
  return stats.filter(({ pid }) => wanted.has(pid)).reduce((sum, { seconds }) => sum + seconds, 0);
}

function readStats(): Stat[] {
  try {
    return readdirSync('/proc')
      .filter((name) => /^\d+$/u.test(name))
      .flatMap((name) => readStat(Number(name)));
  } catch {
    return [];
  }
}

function readStat(pid: number): Stat[] {
  try {
    const text = readFileSync(`/proc/${pid}/stat`, 'utf8');
    // The program's name stands in brackets and may hold spaces and brackets itself.
    const fields = text.slice(text.lastIndexOf(')') + 2).split(' ');
    const [parent, user, system] = [fields[1], fields[11], fields[12]].map(Number);
    if (parent === undefined || user === undefined || system === undefined) return [];
    return [{ pid, parent, seconds: (user + system) / ticksPerSecond }];
  } catch {
    // Ended since the folder was listed.
    return [];
  }
}
