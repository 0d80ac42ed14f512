import { existsSync, readFileSync } from 'node:fs';
import type { RequestOptions } from 'node:http';
import { request } from 'node:http';
import { homedir } from 'node:os';
import { join } from 'node:path';
import type { ContainerRuntimeClient } from 'testcontainers';

const PROBE_DEADLINE_MS = 2_000;

/** The places where Testcontainers looks for a daemon. */
function endpoints(env: NodeJS.ProcessEnv): RequestOptions[] {
  const settings = join(homedir(), '.testcontainers.properties');
  const named = existsSync(settings)
    ? [...readFileSync(settings, 'utf8').matchAll(/^\s*(?:docker|tc)\.host\s*[=:]\s*(\S+)/gm)].map(
        ([, url]) => url,
      )
    : [];
  const sockets = [
    '/var/run/docker.sock',
    join(env['XDG_RUNTIME_DIR'] ?? '/nowhere', 'docker.sock'),
    join(homedir(), '.docker/run/docker.sock'),
    join(homedir(), '.docker/desktop/docker.sock'),
    `/run/user/${process.getuid?.() ?? 0}/docker.sock`,
  ].filter((path) => existsSync(path));
  return [
    ...[env['DOCKER_HOST'], ...named].filter((url) => url !== undefined && url !== '').map(fromUrl),
    ...sockets.map((socketPath) => ({ socketPath })),
  ];
}

function fromUrl(text: string | undefined): RequestOptions {
  const { protocol, hostname, port, pathname } = new URL(text ?? '');
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
export async function dockerAnswers(env: NodeJS.ProcessEnv = process.env): Promise<boolean> {
  const answered = await Promise.all(endpoints(env).map(answers));
  return answered.includes(true);
}

export async function containerRuntime(): Promise<ContainerRuntimeClient> {
  const { getContainerRuntimeClient } = await import('testcontainers');
  return getContainerRuntimeClient();
}
