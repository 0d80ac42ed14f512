import { glob, readFile } from 'node:fs/promises';
import { dirname, join, resolve } from 'node:path';
import { fileURLToPath } from 'node:url';
import { keeper } from '../keeper.ts';
import { programs } from '../programs.ts';
import { resolveProgram } from '../resolve.ts';
import type { ExitStatus } from '../server.ts';
import { sweepFaketimeMemory } from './faketime-memory.ts';

const STOP_DEADLINE_MS = 5_000;
/** Beside the program, in Debian, Fedora and Homebrew: the build for programs with threads, as Node is. */
const LIBRARIES = [
  'lib/*/faketime/libfaketimeMT.so.1',
  'lib*/faketime/libfaketimeMT.so.1',
  'lib/faketime/libfaketime.1.dylib',
];

export interface SkewedClockOptions {
  /** How far the clock is ahead; negative: behind. */
  readonly offsetMs: number;
}

export interface SpawnSkewedOptions extends SkewedClockOptions {
  /** A file that Node runs; sources of the workspace can be imported. */
  readonly script: string | URL;
  readonly args?: readonly string[];
  /** Added to a small, fixed environment. */
  readonly env?: Readonly<Record<string, string>>;
}

export interface SkewedProcess extends AsyncDisposable {
  readonly pid: number;
  /** Resolves when it has ended. */
  wait(): Promise<ExitStatus>;
  /** All it has written to stdout and stderr so far. */
  output(): Promise<string>;
  /** SIGTERM, then SIGKILL at a deadline; removes its folder. */
  stop(): Promise<void>;
}

/**
 * The environment for a process whose wall clock is wrong while its monotonic clock, and with it every timer, runs as ever. For processes
 * that a test starts itself; `spawnSkewed` starts one that ends with the test.
 */
export async function skewedClockEnv({ offsetMs }: SkewedClockOptions): Promise<Record<string, string>> {
  if (!Number.isFinite(offsetMs))
    throw new RangeError(`skewedClockEnv: offsetMs must be a number, not ${offsetMs}`);
  const preload = process.platform === 'darwin' ? 'DYLD_INSERT_LIBRARIES' : 'LD_PRELOAD';
  return {
    [preload]: await faketimeLibrary(),
    FAKETIME: `${offsetMs < 0 ? '-' : '+'}${Math.abs(offsetMs) / 1000}`,
    FAKETIME_DONT_FAKE_MONOTONIC: '1',
    // The name of the same for older versions.
    DONT_FAKE_MONOTONIC: '1',
    NO_FAKE_STAT: '1',
  };
}

/** Runs a script under Node with a wrong clock. */
export async function spawnSkewed({
  offsetMs,
  script,
  args = [],
  env,
}: SpawnSkewedOptions): Promise<SkewedProcess> {
  const skew = await skewedClockEnv({ offsetMs });
  const owner = await keeper();
  const folder = await owner.createFolder('skewed');
  const log = join(folder, 'output');
  const file = typeof script === 'string' ? resolve(script) : fileURLToPath(script);
  const child = await owner.spawn({
    program: process.execPath,
    args: ['--conditions=@parley/source', '--disable-warning=ExperimentalWarning', file, ...args],
    cwd: process.cwd(),
    env: { PATH: process.env['PATH'] ?? '', HOME: folder, LANG: 'C.UTF-8', TZ: 'UTC', ...env, ...skew },
    log,
  });
  let stopped: Promise<void> | undefined;
  const stop = async (): Promise<void> => {
    await child.stop('SIGTERM', STOP_DEADLINE_MS);
    await owner.removeFolder(folder);
    await sweepFaketimeMemory();
  };
  return {
    pid: child.pid,
    wait: () => child.wait(),
    output: () => readFile(log, 'utf8'),
    stop: () => (stopped ??= stop()),
    [Symbol.asyncDispose]: () => (stopped ??= stop()),
  };
}

async function faketimeLibrary(): Promise<string> {
  const found = await resolveProgram(programs.faketime);
  if (found.way === 'docker') throw new Error('faketime has no container image');
  const prefix = dirname(found.folder);
  for await (const path of glob(LIBRARIES, { cwd: prefix })) return join(prefix, path);
  throw new Error(`faketime is in ${found.folder}, but its library is not below ${join(prefix, 'lib')}`);
}
