import { readdirSync, readFileSync } from 'node:fs';

/** Linux counts processor time in hundredths of a second, whatever the kernel was built for. */
const ticksPerSecond = 100;

interface Stat {
  readonly pid: number;
  readonly parent: number;
  readonly seconds: number;
}

/** One or several processes under a name: a Postgres is one for each connection. */
export interface Measured {
  readonly name: string;
  readonly role: ProcessRole;
  /** Asked each time: what was killed comes back as another one. Undefined: it does not run. */
  readonly pid: () => number | undefined;
}

export type ProcessRole = 'hub' | 'redis' | 'postgres' | 'generator' | 'browser' | 'other';

export interface Usage {
  readonly name: string;
  readonly role: ProcessRole;
  readonly pid: number;
  /** Since the process began, with all that it started. */
  readonly cpuSeconds: number;
  /** Megabytes, where pages that several processes share are divided among them. Undefined: not asked this time. */
  readonly pss?: number | undefined;
}

/** What each of them uses now; nothing is known elsewhere than on Linux. */
export function usageOf(measured: readonly Measured[], { memory }: { readonly memory: boolean }): Usage[] {
  const stats = readStats();
  return measured.flatMap(({ name, role, pid: ask }) => {
    const pid = ask();
    if (pid === undefined) return [];
    const family = withDescendants(pid, stats);
    if (family.length === 0) return [];
    const cpuSeconds = family.reduce((sum, { seconds }) => sum + seconds, 0);
    const pss = memory ? family.reduce((sum, one) => sum + pssOf(one.pid), 0) : undefined;
    return [{ name, role, pid, cpuSeconds, pss }];
  });
}

function withDescendants(root: number, stats: readonly Stat[]): Stat[] {
  const family = stats.filter(({ pid }) => pid === root);
  for (const member of family) family.push(...stats.filter(({ parent }) => parent === member.pid));
  return family;
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
    const [parent = 0, user = 0, system = 0] = [fields[1], fields[11], fields[12]].map(Number);
    return [{ pid, parent, seconds: (user + system) / ticksPerSecond }];
  } catch {
    // Ended since the folder was listed.
    return [];
  }
}

function pssOf(pid: number): number {
  try {
    const [, kilobytes = '0'] =
      /^Pss:\s+(\d+) kB/mu.exec(readFileSync(`/proc/${pid}/smaps_rollup`, 'utf8')) ?? [];
    return (Number(kilobytes) * 1_024) / 1e6;
  } catch {
    return 0;
  }
}

/** Processor seconds that the whole machine was busy since it was started; undefined where that is not known. */
export function machineBusySeconds(): number | undefined {
  try {
    const [line = ''] = readFileSync('/proc/stat', 'utf8').split('\n');
    const [user = 0, nice = 0, system = 0, , , irq = 0, softirq = 0, steal = 0] = line
      .trim()
      .split(/\s+/u)
      .slice(1)
      .map(Number);
    return (user + nice + system + irq + softirq + steal) / ticksPerSecond;
  } catch {
    return undefined;
  }
}
