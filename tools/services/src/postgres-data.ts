import { execFile } from 'node:child_process';
import { appendFile, rm, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { promisify } from 'node:util';
import { keeper, type Keeper } from './keeper.ts';
import type { Launcher } from './launch.ts';

const run = promisify(execFile);

export const SUPERUSER = 'postgres';

export interface PostgresDataOptions {
  /** Lines of postgresql.conf. */
  readonly settings: Readonly<Record<string, string>>;
  /** When given, the superuser logs in with it (scram-sha-256); otherwise everybody on loopback is trusted. */
  readonly password: string | undefined;
}

export const dataOf = (folder: string): string => join(folder, 'data');

const INITDB = ['--username', SUPERUSER, '--encoding=UTF8', '--no-locale', '--wal-segsize=1', '--no-sync'];

/** The small log files would otherwise bring a checkpoint after 64 MB. */
const DEFAULTS = { max_wal_size: '1GB' };

/** One for each keeper, which removes it with everything else; copying takes a tenth of the time of initdb. */
const templates = new WeakMap<Keeper, Promise<string>>();

async function template(launcher: Launcher): Promise<string> {
  const own = await keeper();
  const known = templates.get(own);
  if (known !== undefined) return known;
  const made = makeTemplate(launcher);
  templates.set(own, made);
  made.catch(() => templates.delete(own));
  return made;
}

async function makeTemplate(launcher: Launcher): Promise<string> {
  const folder = await launcher.createFolder('postgres-template');
  await launcher.run({
    binary: 'initdb',
    args: ['--pgdata', dataOf(folder), ...INITDB, '--auth=trust'],
    folder,
  });
  return folder;
}

/** Fills the folder of a server with a new, empty cluster. */
export async function createData(
  launcher: Launcher,
  folder: string,
  { settings, password }: PostgresDataOptions,
): Promise<void> {
  const data = dataOf(folder);
  const lines = Object.entries({ ...DEFAULTS, ...settings }).map(([name, value]) => line(name, value));
  if (password === undefined) {
    await run('cp', ['-a', dataOf(await template(launcher)), data]);
  } else {
    const file = join(folder, 'password');
    await writeFile(file, password, { mode: 0o644 });
    await launcher.run({
      binary: 'initdb',
      args: ['--pgdata', data, ...INITDB, '--auth=scram-sha-256', '--pwfile', file],
      folder,
    });
    await rm(file);
  }
  await appendFile(join(data, 'postgresql.conf'), lines.join(''));
}

export async function removeData(folder: string): Promise<void> {
  await rm(dataOf(folder), { recursive: true, force: true });
}

/** Left by a killed server, and believed by the next one as soon as its pid belongs to somebody else. */
export async function removeStaleLock(folder: string): Promise<void> {
  await rm(join(dataOf(folder), 'postmaster.pid'), { force: true });
}

function line(name: string, value: string): string {
  if (!/^[a-z0-9_.]+$/i.test(name) || /[\r\n]/.test(value)) {
    throw new TypeError(`not a setting of postgresql.conf: ${JSON.stringify(`${name} = ${value}`)}`);
  }
  return `${name} = '${value.replaceAll(/['\\]/g, (mark) => mark + mark)}'\n`;
}
