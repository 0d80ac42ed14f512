import type { Launcher, RunningProcess } from './launch.ts';
import type { ServerProcess } from './server.ts';

const STOP_DEADLINE_MS = 10_000;

/** How one kind of server is started and ended. */
export interface Recipe {
  readonly launcher: Launcher;
  readonly folder: string;
  /** Starts the process and waits until it answers; on failure nothing is left running. */
  launch(): Promise<RunningProcess>;
  /** Ends a running server so that all its data is on disk. */
  close(process: RunningProcess): Promise<void>;
  /** Removes the data, and what cannot be had without it. */
  wipe(): Promise<void>;
  /** @default 'SIGTERM' */
  readonly stopSignal?: NodeJS.Signals;
}

export interface Supervised extends ServerProcess {
  restart(options: { data: 'keep' | 'wipe' }): Promise<void>;
  /** Whether it runs and is not paused. */
  serving(): boolean;
}

/** Starts a server by its recipe and lets it die and come back. */
export async function supervise(recipe: Recipe): Promise<Supervised> {
  const { launcher, folder } = recipe;
  let process = await recipe.launch();
  let paused = false;
  let stopped: Promise<void> | undefined;

  const running = (): boolean => process.status() === undefined;

  async function restart({ data }: { data: 'keep' | 'wipe' }): Promise<void> {
    if (stopped !== undefined) throw new Error(`the server in ${folder} was stopped: start a new one`);
    if (running() && !paused && data === 'keep') await recipe.close(process);
    else await process.kill();
    if (data === 'wipe') await recipe.wipe();
    process = await recipe.launch();
    paused = false;
  }

  async function stop(): Promise<void> {
    await process.stop(recipe.stopSignal ?? 'SIGTERM', STOP_DEADLINE_MS);
    await launcher.removeFolder(folder);
  }

  return {
    folder,
    get pid() {
      return process.pid;
    },
    serving: () => running() && !paused,
    async pause() {
      await process.pause();
      paused = true;
    },
    async resume() {
      await process.resume();
      paused = false;
    },
    kill: () => process.kill(),
    restart,
    stop: () => (stopped ??= stop()),
    [Symbol.asyncDispose]: () => (stopped ??= stop()),
  };
}
