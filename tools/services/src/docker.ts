import { existsSync, readFileSync } from 'node:fs';
import type { RequestOptions } from 'node:http';
import { request } from 'node:http';
import { homedir } from 'node:os';
import { join } from 'node:path';
import type { ContainerRuntimeClient } from 'testcontainers';

const PROBE_DEADLINE_MS = 2_000;

/** Where the places begin in which sockets and settings are looked for. */
export interface Places {
  /** @default the user's */
  readonly home?: string;
  /** @default '/' */
  readonly root?: string;
}

/** Where to ask: `DOCKER_HOST` alone if it is set, else the places where Testcontainers looks. */
function endpoints(env: NodeJS.ProcessEnv, { home = homedir(), root = '/' }: Places): RequestOptions[] {
  const { DOCKER_HOST: chosen, XDG_RUNTIME_DIR: runtime } = env;
  if (chosen !== undefined && chosen !== '') return [fromUrl(chosen)];
  const settings = join(home, '.testcontainers.properties');
  const text = existsSync(settings) ? readFileSync(settings, 'utf8') : '';
  const named = [...text.matchAll(/^\s*(?:docker|tc)\.host\s*[=:]\s*(\S+)/gm)].map(([, url = '']) => url);
  const sockets = [
    join(root, 'var/run/docker.sock'),
    ...(runtime === undefined ? [] : [join(runtime, 'docker.sock')]),
    join(home, '.docker/run/docker.sock'),
    join(home, '.docker/desktop/docker.sock'),
    join(root, `run/user/${process.getuid?.() ?? 0}/docker.sock`),
  ];
  return [
    ...named.map(fromUrl),
    ...sockets.filter((path) => existsSync(path)).map((socketPath) => ({ socketPath })),
  ];
}

function fromUrl(text: string): RequestOptions {
  const { protocol, hostname, port, pathname } = new URL(text);
  return protocol === 'unix:'
    ? { socketPath: pathname }
    : { host: hostname, port: port === '' ? 2375 : Number(port) };
}

/** Whether something on the other side speaks HTTP; a daemon that wants TLS says so in HTTP, too. */
function answers(endpoint: RequestOptions): Promise<boolean> {
  return new Promise((resolve) => {
    const ping = request({ ...endpoint, path: '/_ping', timeout: PROBE_DEADLINE_MS });
    const deadline = setTimeout(() => ping.destroy(new Error('no answer')), PROBE_DEADLINE_MS);
    const settle = (result: boolean): void => {
      clearTimeout(deadline);
      ping.destroy();
      resolve(result);
    };
    ping.once('response', () => settle(true));
    ping.once('error', () => settle(false));
    ping.end();
  });
}

/** Asks without Testcontainers first: loading it takes longer than knowing that there is no daemon, and its own questions have no deadline. */
export async function dockerAnswers(
  env: NodeJS.ProcessEnv = process.env,
  places: Places = {},
): Promise<boolean> {
  const answered = await Promise.all(endpoints(env, places).map(answers));
  return answered.includes(true);
}

export async function containerRuntime(): Promise<ContainerRuntimeClient> {
  const { getContainerRuntimeClient } = await import('testcontainers');
  return getContainerRuntimeClient();
}
