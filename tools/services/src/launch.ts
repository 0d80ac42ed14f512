import type { KeptProcess } from './keeper.ts';
import { containerLauncher } from './launch-container.ts';
import { localLauncher } from './launch-local.ts';
import { programs } from './programs.ts';
import type { ProgramName } from './programs.ts';
import { resolveProgram } from './resolve.ts';

/** What to run, in the words that hold on the machine and in a container. */
export interface LaunchSpec {
  /** One of the program's binaries, without its folder. */
  readonly binary: string;
  readonly args: readonly string[];
  /** From `createFolder`: the working folder, seen under the same path by the process, which may write there. */
  readonly folder: string;
  /** Added to a small, fixed environment. */
  readonly env?: Readonly<Record<string, string>>;
}

/** One process from its start to its end. */
export interface RunningProcess extends KeptProcess {
  /** The end of what it wrote to stdout and stderr. */
  output(): Promise<string>;
}

/** Starts processes of one program: as children of the keeper, or in containers. */
export interface Launcher {
  readonly way: 'binaries' | 'docker';
  /** A new folder that the program may write to, and that goes away with this process. */
  createFolder(name: string): Promise<string>;
  removeFolder(folder: string): Promise<void>;
  /** Resolves when the process runs, which is before it is ready. */
  start(spec: LaunchSpec): Promise<RunningProcess>;
  /** Runs a program to its end and answers with its output; rejects with `ServerFailedError` when it fails. */
  run(spec: LaunchSpec): Promise<string>;
}

/** Rejects with `MissingServerError` when the program cannot be had here. */
export async function launcherFor(name: ProgramName): Promise<Launcher> {
  const program = programs[name];
  const resolution = await resolveProgram(program);
  return resolution.way === 'docker'
    ? containerLauncher(program, resolution.image)
    : localLauncher(program, resolution.folder);
}
