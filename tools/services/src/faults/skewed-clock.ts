import { glob } from 'node:fs/promises';
import { dirname, join } from 'node:path';
import { startNode, type StartNodeOptions } from '../node-process.ts';
import { programs } from '../programs.ts';
import { resolveProgram } from '../resolve.ts';
import type { ExitStatus } from '../server.ts';
import { sweepFaketimeMemory } from './faketime-memory.ts';

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

export interface SpawnSkewedOptions
  extends SkewedClockOptions, Pick<StartNodeOptions, 'script' | 'args' | 'env'> {}

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
export async function spawnSkewed({ offsetMs, env, ...options }: SpawnSkewedOptions): Promise<SkewedProcess> {
  const skew = await skewedClockEnv({ offsetMs });
  const child = await startNode({ ...options, name: 'skewed', env: { ...env, ...skew } });
  let stopped: Promise<void> | undefined;
  const stop = async (): Promise<void> => {
    await child.stop();
    await sweepFaketimeMemory();
  };
  return {
    pid: child.pid,
    wait: () => child.wait(),
    output: () => child.output(),
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
