import { execFile } from 'node:child_process';
import { constants } from 'node:fs';
import { access, readdir, realpath } from 'node:fs/promises';
import { delimiter, dirname, join } from 'node:path';
import { promisify } from 'node:util';
import type { Program } from './programs.ts';
import type { User } from './user.ts';

const run = promisify(execFile);
const VERSION_DEADLINE_MS = 5_000;

export interface Binaries {
  readonly folder: string;
  readonly major: number;
}

export interface Search {
  readonly found: Binaries | undefined;
  /** Why each candidate would not do. */
  readonly rejected: readonly string[];
}

/** The folders of a pattern, the highest version first. */
async function expand(pattern: string): Promise<string[]> {
  const star = pattern.indexOf('*');
  if (star < 0) return [pattern];
  const parent = dirname(pattern.slice(0, star + 1));
  const prefix = pattern.slice(parent.length + 1, star);
  const rest = pattern.slice(star + 1);
  const names = await readdir(parent).catch(() => []);
  return names
    .filter((name) => name.startsWith(prefix) && !Number.isNaN(Number.parseFloat(name.slice(prefix.length))))
    .sort((a, b) => Number.parseFloat(b.slice(prefix.length)) - Number.parseFloat(a.slice(prefix.length)))
    .map((name) => join(parent, name) + rest);
}

async function isExecutable(file: string): Promise<boolean> {
  return access(file, constants.X_OK).then(
    () => true,
    () => false,
  );
}

/** Undefined where there is nothing at all, a text where what is there will not do. */
async function examine(
  program: Program,
  folder: string,
  user: User | undefined,
): Promise<Binaries | string | undefined> {
  const [main, ...others] = program.binaries;
  if (!(await isExecutable(join(folder, main)))) return undefined;
  const missing = async (home: string): Promise<string | undefined> => {
    for (const other of others) if (!(await isExecutable(join(home, other)))) return other;
    return undefined;
  };
  // A link in a folder of the PATH may point to where the companions are. Not followed without need: Debian's redis-server is a link to a
  // program that acts by the name it was called by.
  let home = folder;
  let absent = await missing(home);
  if (absent !== undefined) {
    home = dirname(await realpath(join(folder, main)));
    absent = await missing(home);
  }
  const file = join(home, main);
  if (absent !== undefined) return `${file}: ${absent} is not beside it`;
  let printed: string;
  try {
    const { stdout, stderr } = await run(file, ['--version'], { timeout: VERSION_DEADLINE_MS, ...user });
    printed = `${stdout}${stderr}`;
  } catch (error) {
    return `${file}: --version fails (${error instanceof Error ? error.message.split('\n')[0] : String(error)})`;
  }
  const major = Number(program.version.exec(printed)?.[1]);
  if (Number.isNaN(major)) return `${file}: is another program (${printed.trim().slice(0, 60)})`;
  if (major < program.atLeast) return `${file}: version ${major} is older than ${program.atLeast}`;
  return { folder: home, major };
}

/** Looks on the PATH, then in the folders where packages hide their programs. */
export async function findBinaries(
  program: Program,
  { path = process.env['PATH'] ?? '', user }: { path?: string | undefined; user?: User | undefined } = {},
): Promise<Search> {
  const packaged = await Promise.all(program.folders.map(expand));
  const folders = new Set([...path.split(delimiter).filter((folder) => folder !== ''), ...packaged.flat()]);
  const rejected: string[] = [];
  for (const folder of folders) {
    const result = await examine(program, folder, user);
    if (typeof result === 'string') rejected.push(result);
    else if (result !== undefined) return { found: result, rejected };
  }
  return { found: undefined, rejected };
}
