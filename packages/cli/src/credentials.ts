import { chmod, mkdir, open, readFile, rename, stat, unlink } from 'node:fs/promises';
import { homedir } from 'node:os';
import { dirname, join } from 'node:path';
import { CliError } from './cli-error.ts';
import type { Environment } from './world.ts';

/** Who somebody is at one hub. */
export interface Login {
  readonly token: string;
  /** By which `logout` revokes it. Null: it was brought along, and is not ours to end. */
  readonly tokenId: string | null;
  readonly userId: string;
  readonly handle: string;
}

export interface Kept {
  /** The address of the hub that was signed in to last. */
  readonly current: string | undefined;
  /** By the address of the hub: a token goes to the hub that made it, and to no other. */
  readonly hubs: ReadonlyMap<string, Login>;
}

const nothing: Kept = { current: undefined, hubs: new Map() };

export function credentialsFile(env: Environment): string {
  const given = env['XDG_CONFIG_HOME'] ?? '';
  // What is not absolute is to be ignored, by the specification of XDG.
  const base = given.startsWith('/') ? given : join(env['HOME'] ?? homedir(), '.config');
  return join(base, 'parley', 'credentials.json');
}

export async function readCredentials(file: string): Promise<Kept> {
  let text: string;
  try {
    await tighten(file);
    text = await readFile(file, 'utf8');
  } catch (cause) {
    if (codeOf(cause) === 'ENOENT') return nothing;
    throw new CliError('CREDENTIALS', `${file} cannot be read (${codeOf(cause)})`, { cause });
  }
  try {
    return understand(JSON.parse(text));
  } catch (cause) {
    throw new CliError('CREDENTIALS', `${file} is not what the command line has written`, {
      hint: 'Remove it and sign in again: parley login',
      cause,
    });
  }
}

/** Written beside it and moved into its place: a half-written file is never seen, nor one that others may read. */
export async function writeCredentials(file: string, { current, hubs }: Kept): Promise<void> {
  const beside = `${file}.${process.pid}`;
  try {
    await mkdir(dirname(file), { recursive: true, mode: 0o700 });
    await unlink(beside).catch(() => undefined);
    const handle = await open(beside, 'wx', 0o600);
    try {
      const kept = { version: 1, ...(current !== undefined && { current }), hubs: Object.fromEntries(hubs) };
      await handle.writeFile(`${JSON.stringify(kept, null, 2)}\n`);
      await handle.sync();
    } finally {
      await handle.close();
    }
    await rename(beside, file);
  } catch (cause) {
    await unlink(beside).catch(() => undefined);
    throw new CliError('CREDENTIALS', `${file} cannot be written (${codeOf(cause)})`, { cause });
  }
}

/** Somebody may have copied it about, and with it the right to speak in one's name. */
async function tighten(file: string): Promise<void> {
  const { mode } = await stat(file);
  if ((mode & 0o077) !== 0 && process.platform !== 'win32') await chmod(file, 0o600);
}

function understand(value: unknown): Kept {
  const { current, hubs } = recordOf(value);
  const logins = Object.entries(recordOf(hubs)).map(([url, login]): [string, Login] => {
    const { token, tokenId, userId, handle } = recordOf(login);
    return [
      url,
      {
        token: textOf(token),
        tokenId: tokenId === null ? null : textOf(tokenId),
        userId: textOf(userId),
        handle: textOf(handle),
      },
    ];
  });
  return { current: current === undefined ? undefined : textOf(current), hubs: new Map(logins) };
}

function recordOf(value: unknown): Readonly<Record<string, unknown>> {
  if (typeof value !== 'object' || value === null || Array.isArray(value)) throw new TypeError('no object');
  return { ...value };
}

function textOf(value: unknown): string {
  if (typeof value !== 'string') throw new TypeError('no text');
  return value;
}

function codeOf(error: unknown): string {
  return error instanceof Error && 'code' in error ? String(error.code) : 'unknown';
}
