import { readFile } from 'node:fs/promises';
import { CliError, usageError } from './cli-error.ts';
import { credentialsFile, readCredentials } from './credentials.ts';
import { exitCodes } from './exit-codes.ts';
import type { Globals } from './global-options.ts';
import { urlText } from './hub-url.ts';
import { readAll } from './stdin.ts';
import type { World } from './world.ts';

/** The token that was given for this one command; undefined: none was. */
export async function givenToken(world: World, globals: Globals): Promise<string | undefined> {
  const { token, 'token-file': file } = globals;
  if (token !== undefined && file !== undefined)
    throw usageError('--token and --token-file exclude each other');
  if (token !== undefined) return checked(token, '--token');
  if (file === '-') return checked(await readAll(world.stdin), 'standard input');
  if (file !== undefined) return checked(await readTokenFile(file), file);
  const said = world.env['PARLEY_TOKEN']?.trim() ?? '';
  return said === '' ? undefined : checked(said, 'PARLEY_TOKEN');
}

/** The token by which the hub knows somebody here. */
export async function hubToken(world: World, globals: Globals, url: URL): Promise<string> {
  const given = await givenToken(world, globals);
  if (given !== undefined) return given;
  const { hubs } = await readCredentials(credentialsFile(world.env));
  const login = hubs.get(urlText(url));
  if (login !== undefined) return login.token;
  throw new CliError('NOT_SIGNED_IN', `nobody is signed in to ${urlText(url)}`, {
    exitCode: exitCodes.notAllowed,
    hint: `Sign in: parley login --url ${urlText(url)}, or set PARLEY_TOKEN`,
  });
}

async function readTokenFile(file: string): Promise<string> {
  try {
    return await readFile(file, 'utf8');
  } catch (cause) {
    throw new CliError('TOKEN_FILE', `--token-file ${file} cannot be read`, {
      exitCode: exitCodes.usage,
      cause,
    });
  }
}

/** Its value is not told: something else that is secret may have been put in its place. */
function checked(text: string, from: string): string {
  const token = text.trim();
  if (/^[\u0021-\u007e]{1,256}$/.test(token)) return token;
  throw usageError(`${from} holds no token: one line, which begins with parley_`);
}
