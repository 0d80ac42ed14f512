import { writeFile } from 'node:fs/promises';
import type { ContainerRuntimeClient, WaitStrategy } from 'testcontainers';
import { runningContainer } from './container.ts';
import { containerRuntime } from './docker.ts';
import { keeper } from './keeper.ts';
import type { LastRequest } from './keeper-protocol.ts';
import type { Launcher, LaunchSpec, RunningProcess } from './launch.ts';
import type { Program } from './programs.ts';
import { runToEnd } from './run-to-end.ts';
import type { User } from './user.ts';
import { unprivilegedUser } from './user.ts';

const STARTUP_MS = 60_000;

/** The container is there when its process runs, also when that has ended already; readiness is asked of the server itself. */
const atOnce: WaitStrategy = {
  waitUntilReady: () => Promise.resolve(),
  withStartupTimeout: () => atOnce,
  isStartupTimeoutSet: () => true,
  getStartupTimeout: () => STARTUP_MS,
};

/** The files of a server belong to who runs the tests, inside the container and outside. */
function identity(program: Program): User {
  const other = program.refusesRoot === true ? unprivilegedUser() : undefined;
  return other ?? { uid: process.getuid?.() ?? 0, gid: process.getgid?.() ?? 0 };
}

/** Removal that the keeper can ask for without a client library; over TLS it is left to Testcontainers' own reaper. */
function removal(client: ContainerRuntimeClient, id: string): LastRequest | undefined {
  const modem: object = client.container.dockerode.modem;
  const setting = (name: string): unknown => Reflect.get(modem, name);
  const [socketPath, host, port] = [setting('socketPath'), setting('host'), Number(setting('port') ?? 2375)];
  const request = { method: 'DELETE', path: `/containers/${id}?force=true&v=true` } as const;
  if (typeof socketPath === 'string') return { ...request, socketPath };
  return typeof host === 'string' && setting('protocol') !== 'https' ? { ...request, host, port } : undefined;
}

/** Containers in the network of the host, each with the server's folder under its own path: so everything else is as with local processes. */
export function containerLauncher(program: Program, image: string): Launcher {
  const user = identity(program);

  async function start({ binary, args, folder, env }: LaunchSpec): Promise<RunningProcess> {
    const { GenericContainer } = await import('testcontainers');
    const client = await containerRuntime();
    const own = await keeper();
    const passwd = `${folder}.passwd`;
    // Postgres wants a name for the user that it runs as.
    await writeFile(
      passwd,
      `root:x:0:0::/root:/bin/sh\nparley:x:${user.uid}:${user.gid}::${folder}:/bin/sh\n`,
    );
    const started = await new GenericContainer(image)
      .withEntrypoint([binary])
      .withCommand([...args])
      .withUser(`${user.uid}:${user.gid}`)
      .withNetworkMode('host')
      .withBindMounts([
        { source: folder, target: folder, mode: 'rw' },
        { source: passwd, target: '/etc/passwd', mode: 'ro' },
      ])
      .withWorkingDir(folder)
      .withEnvironment({ HOME: folder, LANG: 'C.UTF-8', TZ: 'UTC', ...env })
      .withWaitStrategy(atOnce)
      .start();
    const id = started.getId();
    const lastRequest = removal(client, id);
    if (lastRequest !== undefined) await own.promise(id, lastRequest);
    const running = await runningContainer(client.container.getById(id));
    const forgetting = async (): Promise<void> => {
      if (lastRequest !== undefined) await own.forget(id).catch(() => undefined);
    };
    return {
      ...running,
      kill: () => running.kill().then(forgetting),
      stop: (signal, deadline) => running.stop(signal, deadline).then(forgetting),
    };
  }

  return {
    way: 'docker',
    createFolder: async (name) =>
      (await keeper()).createFolder(name, process.getuid?.() === user.uid ? undefined : user),
    async removeFolder(folder) {
      const own = await keeper();
      await Promise.all([own.removeFolder(folder), own.removeFolder(`${folder}.passwd`)]);
    },
    start,
    run: async (spec) => runToEnd(await start(spec), spec.binary),
  };
}
