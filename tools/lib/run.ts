import { spawn } from 'node:child_process';
import { delimiter, join, resolve } from 'node:path';
import { atExit } from './lifetime.ts';

export const repository = resolve(import.meta.dirname, '../..');

export interface Outcome {
  readonly code: number;
  readonly stdout: string;
  /** Both streams in the order of arrival, for a reader. */
  readonly output: string;
}

export interface RunOptions {
  readonly cwd?: string;
  readonly env?: Readonly<Record<string, string>>;
  /** Milliseconds after which the program is killed. @default no limit */
  readonly timeout?: number;
}

/**
 * The workspace's own tools come first, and with them its Node. Daemons would outlive us, and a caller's npm settings
 * (the workspace flags of `npm run -w`, a dry run) must not change what a nested npm does.
 */
function environment(extra: Readonly<Record<string, string>>): NodeJS.ProcessEnv {
  const inherited = Object.entries(process.env).filter(
    ([name]) => !/^npm_(config_(workspace|dry_run|prefix|local_prefix)|package_|lifecycle_)/iu.test(name),
  );
  return {
    ...Object.fromEntries(inherited),
    PATH: [join(repository, 'node_modules/.bin'), process.env['PATH']].join(delimiter),
    NX_DAEMON: 'false',
    NX_TUI: 'false',
    NO_COLOR: '1',
    ...extra,
  };
}

/** Runs one program to its end without standard input. A program that cannot be started has code 127. */
export function run(command: string, args: readonly string[], options: RunOptions = {}): Promise<Outcome> {
  return new Promise((settle) => {
    const child = spawn(command, args, {
      cwd: options.cwd ?? repository,
      env: environment(options.env ?? {}),
      stdio: ['ignore', 'pipe', 'pipe'],
      // A group of its own: ending it ends the grandchildren too.
      detached: true,
    });
    const end = () => endGroup(child.pid);
    const timer = options.timeout === undefined ? undefined : setTimeout(end, options.timeout);
    const callOff = atExit(end);
    let stdout = '';
    let output = '';
    const finish = (code: number, last: string) => {
      clearTimeout(timer);
      callOff();
      settle({ code, stdout, output: output + last });
    };
    child.stdout.setEncoding('utf8').on('data', (text: string) => {
      stdout += text;
      output += text;
    });
    child.stderr.setEncoding('utf8').on('data', (text: string) => {
      output += text;
    });
    child.once('error', (error) => finish(127, `${error.message}\n`));
    child.once('close', (code, signal) =>
      finish(code ?? 1, signal === null ? '' : `${command} was ended by ${signal}\n`),
    );
  });
}

function endGroup(pid: number | undefined): void {
  if (pid === undefined) return;
  try {
    process.kill(-pid, 'SIGKILL');
  } catch (error) {
    // The group ended by itself in the meantime.
    if (!(error instanceof Error && 'code' in error && error.code === 'ESRCH')) throw error;
  }
}
