import { mkdir, readFile } from 'node:fs/promises';
import { join, resolve } from 'node:path';
import { fileURLToPath } from 'node:url';
import { keeper, type KeptProcess } from './keeper.ts';

const STOP_DEADLINE_MS = 5_000;

/** Half of a start is the reading of our sources: what was compiled once is not compiled again. */
const compiled = fileURLToPath(new URL('../../../node_modules/.cache/parley-compiled', import.meta.url));

export interface StartNodeOptions {
  /** A file that Node runs; sources of the workspace can be imported. */
  readonly script: string | URL;
  readonly args?: readonly string[];
  /** Added to a small, fixed environment. */
  readonly env?: Readonly<Record<string, string>>;
  /** Of its folder. @default 'node' */
  readonly name?: string;
  /** Milliseconds after which `stop()` does not wait any longer for it to end by itself. @default 5,000 */
  readonly stopWithin?: number;
}

/** A Node of its own, which ends with the process that started it, however that ends. */
export interface NodeProcess extends Omit<KeptProcess, 'stop'>, AsyncDisposable {
  /** An empty folder of its own; it goes with the process. */
  readonly folder: string;
  /** All it has written to stdout and stderr so far. */
  output(): Promise<string>;
  /** SIGTERM, then SIGKILL at a deadline; removes its folder. */
  stop(): Promise<void>;
  /** Sends the signal, and SIGKILL when it still runs after `deadline` ms. The folder stays. */
  end(signal: NodeJS.Signals, deadline: number): Promise<void>;
}

export async function startNode({
  script,
  args = [],
  env,
  name = 'node',
  stopWithin = STOP_DEADLINE_MS,
}: StartNodeOptions): Promise<NodeProcess> {
  const owner = await keeper();
  const parent = await owner.createFolder(name);
  const folder = join(parent, 'own');
  await mkdir(folder);
  const log = join(parent, 'output');
  const file = typeof script === 'string' ? resolve(script) : fileURLToPath(script);
  const child = await owner.spawn({
    program: process.execPath,
    args: ['--conditions=@parley/source', '--disable-warning=ExperimentalWarning', file, ...args],
    cwd: process.cwd(),
    env: {
      PATH: process.env['PATH'] ?? '',
      HOME: folder,
      LANG: 'C.UTF-8',
      TZ: 'UTC',
      NODE_COMPILE_CACHE: compiled,
      ...env,
    },
    log,
  });
  let stopped: Promise<void> | undefined;
  const stop = async (): Promise<void> => {
    await child.stop('SIGTERM', stopWithin);
    await owner.removeFolder(parent);
  };
  return {
    ...child,
    folder,
    output: () => readFile(log, 'utf8'),
    end: (signal, deadline) => child.stop(signal, deadline),
    stop: () => (stopped ??= stop()),
    [Symbol.asyncDispose]: () => (stopped ??= stop()),
  };
}
