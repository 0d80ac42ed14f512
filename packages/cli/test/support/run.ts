import { spawn } from 'node:child_process';
import { fileURLToPath } from 'node:url';

export const program = fileURLToPath(new URL('../../bin/parley.js', import.meta.url));

export interface RunOptions {
  /** Beside a path to nowhere for what is kept. */
  readonly env?: Readonly<Record<string, string>>;
  readonly input?: string | Uint8Array;
  /** What is put in later: standard input stays open until then. */
  readonly held?: true;
}

export interface Finished {
  readonly code: number | null;
  readonly signal: NodeJS.Signals | null;
  readonly out: string;
  readonly err: string;
}

export interface Running {
  readonly pid: number;
  readonly out: () => string;
  readonly err: () => string;
  readonly write: (text: string, last?: 'last') => void;
  readonly kill: (signal: NodeJS.Signals) => void;
  /** Closes the end that reads the output. */
  readonly stopReading: () => void;
  readonly ended: Promise<Finished>;
}

/** The command line as a process of its own, without anything of the environment that tests run in. */
export function start(args: readonly string[], { env = {}, input, held }: RunOptions = {}): Running {
  const child = spawn(process.execPath, [program, ...args], {
    env: { PATH: process.env['PATH'], HOME: '/nonexistent', ...env },
    stdio: ['pipe', 'pipe', 'pipe'],
  });
  const text = { out: '', err: '' };
  child.stdout.setEncoding('utf8').on('data', (chunk: string) => (text.out += chunk));
  child.stderr.setEncoding('utf8').on('data', (chunk: string) => (text.err += chunk));
  // It may end before it has read everything.
  child.stdin.on('error', () => undefined);
  if (held === undefined) child.stdin.end(input ?? '');
  return {
    pid: child.pid ?? 0,
    out: () => text.out,
    err: () => text.err,
    write: (more, last) => void (last === undefined ? child.stdin.write(more) : child.stdin.end(more)),
    kill: (signal) => void child.kill(signal),
    stopReading: () => void child.stdout.destroy(),
    ended: new Promise((resolve) => {
      child.on('close', (code, signal) => resolve({ code, signal, ...text }));
    }),
  };
}

export function run(args: readonly string[], options?: RunOptions): Promise<Finished> {
  return start(args, options).ended;
}
