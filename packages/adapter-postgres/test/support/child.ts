import { spawn } from 'node:child_process';
import type { ChildProcess } from 'node:child_process';
import { once } from 'node:events';
import { createInterface } from 'node:readline';
import { fileURLToPath } from 'node:url';

export interface Child extends AsyncDisposable {
  readonly pid: number;
  /** The lines that it prints, as they come. */
  readonly lines: readonly string[];
  /** Resolves with the next line that it has printed and nobody has taken; rejects when it ends without one. */
  line(): Promise<string>;
  say(line: string): void;
  kill(signal?: NodeJS.Signals): void;
  /** Resolves when it has ended, with its exit code. */
  readonly ended: Promise<number | null>;
  /** What it printed to stderr. */
  errors(): string;
}

/** Another process of ours, which runs a script of this folder. It ends with the test. */
export function startChild(script: string, args: readonly string[] = []): Child {
  const file = fileURLToPath(new URL(script, import.meta.url));
  const flags = ['--conditions=@parley/source', '--disable-warning=ExperimentalWarning'];
  const child: ChildProcess = spawn(process.execPath, [...flags, file, ...args], { stdio: 'pipe' });
  const { stdin, stdout, stderr, pid } = child;
  if (stdin === null || stdout === null || stderr === null || pid === undefined)
    throw new Error('it did not start');
  const lines: string[] = [];
  let taken = 0;
  let errors = '';
  let wake = Promise.withResolvers<void>();
  const news = (): void => {
    wake.resolve();
    wake = Promise.withResolvers();
  };
  let over = false;
  createInterface({ input: stdout }).on('line', (line) => {
    lines.push(line);
    news();
  });
  stderr.on('data', (data: Buffer) => (errors += data.toString()));
  const ended = once(child, 'close').then(([code]: (number | null)[]) => {
    over = true;
    news();
    return code ?? null;
  });
  return {
    pid,
    lines,
    async line() {
      for (;;) {
        const line = lines[taken];
        if (line !== undefined) {
          taken += 1;
          return line;
        }
        if (over) throw new Error(`the process ended: ${errors}`);
        await wake.promise;
      }
    },
    say: (line) => void stdin.write(`${line}\n`),
    kill: (signal = 'SIGKILL') => void child.kill(signal),
    ended,
    errors: () => errors,
    async [Symbol.asyncDispose]() {
      child.kill('SIGKILL');
      await ended;
    },
  };
}
