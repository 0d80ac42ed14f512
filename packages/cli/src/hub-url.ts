import { usageError } from './cli-error.ts';
import { credentialsFile, readCredentials } from './credentials.ts';
import type { Globals } from './global-options.ts';
import type { World } from './world.ts';

const fallback = 'http://127.0.0.1:7788';

/** Where the hub is: as said here, in the environment, as it was at the last login, or on this machine. */
export async function hubUrl({ env }: Pick<World, 'env'>, { url }: Globals): Promise<URL> {
  if (url !== undefined) return readUrl(url, '--url');
  const said = env['PARLEY_URL']?.trim() ?? '';
  if (said !== '') return readUrl(said, 'PARLEY_URL');
  const { current } = await readCredentials(credentialsFile(env));
  return readUrl(current ?? fallback, 'the address of the last login');
}

export function readUrl(text: string, what: string): URL {
  const url = URL.canParse(text) ? new URL(text) : undefined;
  if (url === undefined || !/^https?:$/.test(url.protocol))
    throw usageError(`${what} must be an address such as ${fallback}`);
  if (url.username !== '' || url.password !== '')
    throw usageError(`${what} must not contain a name or a password`);
  return new URL(`${url.origin}${url.pathname}`);
}

/** As it is shown, and as a login is kept by. */
export function urlText(url: URL): string {
  return url.href.replace(/\/$/, '');
}

/** Whether what is sent there can be read on the way. */
export function isOpenToAll({ protocol, hostname }: URL): boolean {
  return protocol === 'http:' && !/^(?:localhost|127(?:\.\d+){3}|\[::1\])$/.test(hostname);
}
