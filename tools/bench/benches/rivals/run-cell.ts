import { fork } from 'node:child_process';
import { fileURLToPath } from 'node:url';
import type { LibraryName } from '../cache/libraries/library.ts';
import type { Outcome, Servers } from './scenario.ts';

/** @typeParam Library the names of those who are compared */
export interface CellRequest<Library extends string = LibraryName> {
  readonly scenario: string;
  readonly library: Library;
  readonly servers: Servers;
  readonly prefix: string;
}

export interface CellReply {
  readonly outcome?: Outcome;
  readonly error?: string;
  readonly options: readonly string[];
}

export interface CellResult extends Outcome {
  /** The library's options that were used. */
  readonly options: readonly string[];
}

export interface RunCellOptions {
  readonly limitMs: number;

  /** @default the process of scenarios */
  readonly file?: URL;
}

const cellFile = new URL('cell-process.ts', import.meta.url);

/** In a process of its own: that it throws, hangs or dies is a result too. */
export async function runCell(
  request: CellRequest<string>,
  { limitMs, file = cellFile }: RunCellOptions,
): Promise<CellResult> {
  const child = fork(fileURLToPath(file), {
    detached: true,
    execArgv: ['--conditions=@parley/source', '--disable-warning=ExperimentalWarning'],
    stdio: ['ignore', 'pipe', 'pipe', 'ipc'],
  });
  let output = '';
  const keep = (chunk: Buffer): void => {
    output = (output + chunk.toString()).slice(-8000);
  };
  child.stdout?.on('data', keep);
  child.stderr?.on('data', keep);
  const end = Promise.withResolvers<CellResult>();
  const fail = (happened: string, options: readonly string[] = []) =>
    end.resolve({ verdict: 'fail', happened, options });
  const timer = setTimeout(() => fail(`No result within ${limitMs / 1000} s.`), limitMs);
  child.once('message', ({ outcome, error, options }: CellReply) => {
    if (outcome) end.resolve({ ...outcome, options });
    else fail(`It throws "${firstLine(error ?? '')}".`, options);
  });
  child.once('error', (error) => fail(`The process could not be started: ${error.message}.`));
  child.once('close', () => {
    const said = /^(?:\w*Error|\w*Exception)\b.*$/m.exec(output)?.[0];
    fail(`The process ends${said === undefined ? '' : ` by an unheard "${said.trim()}"`}.`);
  });
  child.send(request, () => {});
  try {
    return await end.promise;
  } finally {
    clearTimeout(timer);
    killGroup(child.pid);
  }
}

const firstLine = (text: string): string => text.split('\n')[0]?.slice(0, 160) ?? '';

function killGroup(pid: number | undefined): void {
  if (pid === undefined) return;
  try {
    process.kill(-pid, 'SIGKILL');
  } catch (error) {
    // Nobody of the group is left.
    if (!(error instanceof Error && 'code' in error && error.code === 'ESRCH')) throw error;
  }
}
