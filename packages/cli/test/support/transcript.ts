import { spawn } from 'node:child_process';
import { mkdir, symlink, writeFile } from 'node:fs/promises';
import { dirname, join } from 'node:path';
import { ownerPassword, type TestHub } from './hub.ts';
import { program } from './run.ts';

/** What stands in the documents for what is another one each time. */
const shownUrl = 'http://127.0.0.1:7788';
const shownCode = '7KQ2-M9FD-X4TB';

/** A session on a terminal: lines that begin with `$ `, each with what was shown below it. */
export interface Transcript {
  readonly text: string;
  /** The same without what differs from one time to the next. */
  readonly masked: string;
}

/** Types the commands of a session anew, one after another in one shell, and answers what was shown. */
export async function replay(session: string, hub: TestHub, folder: string): Promise<Transcript> {
  const commands = session.split('\n').filter((line) => line.startsWith('$ '));
  const bin = join(folder, 'bin');
  await mkdir(bin, { recursive: true });
  await symlink(program, join(bin, 'parley')).catch(() => undefined);
  await writeFile(join(folder, 'password.txt'), `${ownerPassword}\n`);
  const lines = commands.map((line) => `cat <<'TYPED'\n${line}\nTYPED\n${line.slice(2)}`);
  const script = lines.join('\n').replaceAll(shownCode, hub.setupCode ?? shownCode);
  await writeFile(join(folder, 'session.sh'), script);
  const child = spawn('script', ['--quiet', '--command', 'exec bash session.sh', '/dev/null'], {
    cwd: folder,
    env: {
      PATH: [bin, dirname(process.execPath), process.env['PATH']].join(':'),
      HOME: folder,
      XDG_CONFIG_HOME: join(folder, 'ann'),
      PARLEY_URL: hub.url,
      NO_COLOR: '1',
      TERM: 'xterm',
    },
    stdio: ['ignore', 'pipe', 'inherit'],
  });
  let shown = '';
  child.stdout.setEncoding('utf8').on('data', (chunk: string) => (shown += chunk));
  await new Promise((resolve) => child.on('close', resolve));
  const text = shown
    .replaceAll('\r', '')
    .replaceAll(hub.url, shownUrl)
    .replaceAll(hub.setupCode ?? shownCode, shownCode);
  return { text, masked: masked(text) };
}

export function masked(text: string): string {
  return text
    .replaceAll(/parley_[\w-]{43}/g, 'parley_(token)')
    .replaceAll(/[0-9a-f]{8}-[0-9a-f-]{27}/g, '(id)')
    .replaceAll(/\d{4}-\d\d-\d\dT[\d:.]+Z/g, '(time)')
    .replaceAll(/\d{4}-\d\d-\d\d \d\d:\d\d/g, '(time)')
    .replaceAll(/\b\d\d:\d\d\b/g, '(hour)');
}
