import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { existsSync } from 'node:fs';
import { join } from 'node:path';
import { text } from 'node:stream/consumers';
import type { Program } from './programs.ts';
import { temporaryRoot } from './temporary.ts';

const SYSTEM_PATH = '/usr/local/sbin:/usr/local/bin:/usr/sbin:/usr/bin:/sbin:/bin';

/** Lists that were never fetched, or are too old, are fetched once; the lists' own lock has no timeout, so that is retried here. */
const SCRIPT = `
install() { apt-get install -y --no-install-recommends -o DPkg::Lock::Timeout=600 "$1"; }
update() {
  for attempt in 1 2 3 4 5; do
    apt-get update -o Acquire::Retries=2 && return
    sleep 3
  done
  return 1
}
install "$1" || { update && install "$1"; }
`;

/** Why Debian's packages are no way here; undefined where they are. */
export function aptIsNoWay(): string | undefined {
  if (!existsSync('/usr/bin/apt-get')) return 'apt-get: there is none';
  if (process.getuid?.() !== 0) return 'apt-get: needs root';
  return undefined;
}

/** Installs a package. Several processes may do so at the same time. `path` is where apt-get is looked for. */
export async function aptInstall(program: Program, path = SYSTEM_PATH): Promise<void> {
  process.stderr.write(
    `${program.title} is needed and not on this machine: installing the package ${program.debian} with apt-get (no service is started)\n`,
  );
  const lock = join(await temporaryRoot(), 'apt.lock');
  const child = spawn('flock', [lock, 'sh', '-c', SCRIPT, 'sh', program.debian], {
    // Ctrl+C must not leave a half configured package behind.
    detached: true,
    stdio: ['ignore', 'pipe', 'pipe'],
    env: {
      PATH: path,
      DEBIAN_FRONTEND: 'noninteractive',
      // Keep the package from starting its service: under System V init, and under systemd.
      RUNLEVEL: '1',
      SYSTEMD_OFFLINE: '1',
      ...proxies(),
    },
  });
  const [output, complaint] = await Promise.all([
    text(child.stdout),
    text(child.stderr),
    once(child, 'close'),
  ]);
  if (child.exitCode !== 0)
    throw new Error(
      `apt-get install ${program.debian} failed: ${`${output}${complaint}`.trim().slice(-1000)}`,
    );
}

function proxies(): Record<string, string> {
  return Object.fromEntries(
    Object.entries(process.env).flatMap(([name, value]) =>
      /^(https?|no)_proxy$/i.test(name) && value !== undefined ? [[name, value]] : [],
    ),
  );
}
