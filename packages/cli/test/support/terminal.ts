import { spawn } from 'node:child_process';
import { until } from '@parley/services';
import { program } from './run.ts';

export interface Terminal {
  /** Everything that was shown. */
  readonly screen: () => string;
  /** Types a line once something is shown. */
  readonly type: (text: string, after: string) => Promise<void>;
  readonly ended: Promise<number | null>;
}

/** The command line on a terminal, which `script` of util-linux makes. */
export function onTerminal(args: readonly string[], env: Readonly<Record<string, string>> = {}): Terminal {
  // Without a shell in between, which would end by Ctrl+C in its own way.
  const line = [process.execPath, program, ...args].map((word) => `'${word}'`).join(' ');
  const child = spawn('script', ['--quiet', '--return', '--command', `exec ${line}`, '/dev/null'], {
    env: { PATH: process.env['PATH'], HOME: '/nonexistent', TERM: 'xterm-256color', ...env },
    stdio: ['pipe', 'pipe', 'inherit'],
  });
  let screen = '';
  child.stdout.setEncoding('utf8').on('data', (chunk: string) => (screen += chunk));
  child.stdin.on('error', () => undefined);
  return {
    screen: () => screen,
    async type(text, after) {
      await until(() => screen.includes(after), { what: `"${after}" is shown` });
      child.stdin.write(text);
    },
    ended: new Promise((resolve) => {
      child.on('close', (code) => resolve(code));
    }),
  };
}
