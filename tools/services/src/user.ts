import { readFileSync } from 'node:fs';

export interface User {
  readonly uid: number;
  readonly gid: number;
}

const CANDIDATES = ['postgres', 'nobody'];

/** Who runs programs that refuse root; undefined where this process is not root itself. */
export function unprivilegedUser(passwd = '/etc/passwd', uid = process.getuid?.()): User | undefined {
  if (uid !== 0) return undefined;
  const entries = readFileSync(passwd, 'utf8')
    .split('\n')
    .map((line) => line.split(':'));
  for (const name of CANDIDATES) {
    const entry = entries.find(([candidate]) => candidate === name);
    if (entry !== undefined) return { uid: Number(entry[2]), gid: Number(entry[3]) };
  }
  throw new Error(`no user of ${passwd} is fit to run servers that refuse root: add one named nobody`);
}
