import { join } from 'node:path';
import { PortTakenError, ServerFailedError } from './errors.ts';
import type { Launcher, RunningProcess } from './launch.ts';
import { launcherFor } from './launch.ts';
import { whenPortIsFree, withFreePort } from './ports.ts';
import type { RedisAccess } from './redis-admin.ts';
import { redisInfo, withRedis } from './redis-admin.ts';
import type { Supervised } from './supervise.ts';
import { supervise } from './supervise.ts';
import { until } from './until.ts';

export const REDIS_HOST = '127.0.0.1';
const STARTUP_MS = 30_000;
/** Who took the port may accept connections and never answer. */
const ANSWER_MS = 1_000;
const CLOSE_MS = 30_000;

/** What differs between a Redis and a Sentinel. */
export interface RedisProcessKind {
  readonly name: string;
  /** After the configuration file. */
  readonly args: readonly string[];
  /** Writes the configuration file `config`, and answers with how to reach the server. */
  prepare(place: { folder: string; port: number; config: string }): Promise<RedisAccess>;
  /** The command that ends it with everything on disk. */
  readonly shutdown: readonly [string, ...string[]];
  wipe(folder: string): Promise<void>;
  /** After each start. */
  ready(place: { folder: string; access: RedisAccess }): Promise<void>;
}

export interface RedisProcess {
  readonly supervised: Supervised;
  readonly access: RedisAccess;
}

/** Resolves when this very server answers and has loaded its data: on a taken port another one would answer. */
async function untilReady(process: RunningProcess, access: RedisAccess, config: string): Promise<void> {
  try {
    await until(
      () =>
        withRedis(
          access,
          async (call) => {
            const [server, persistence] = [
              await redisInfo(call, 'server'),
              await redisInfo(call, 'persistence'),
            ];
            return server.get('config_file') === config && persistence.get('loading') !== '1';
          },
          ANSWER_MS,
        ),
      { what: `Redis answers on port ${access.port}`, deadline: STARTUP_MS, process },
    );
  } catch (error) {
    await process.kill();
    if (
      error instanceof ServerFailedError &&
      /Address already in use|Failed listening on port/.test(error.output)
    )
      throw new PortTakenError(access.port, { cause: error });
    throw error;
  }
}

async function startOn(launcher: Launcher, kind: RedisProcessKind, port: number): Promise<RedisProcess> {
  const folder = await launcher.createFolder(kind.name);
  const config = join(folder, 'redis.conf');
  const access = await kind.prepare({ folder, port, config });

  async function launch(): Promise<RunningProcess> {
    const process = await launcher.start({ binary: 'redis-server', args: [config, ...kind.args], folder });
    await untilReady(process, access, config);
    await kind.ready({ folder, access });
    return process;
  }

  let started = false;
  const recipe = {
    launcher,
    folder,
    launch: () => (started ? whenPortIsFree(launch) : launch()),
    async close(process: RunningProcess) {
      await withRedis(access, (call) => call(...kind.shutdown), CLOSE_MS).catch((error: unknown) => {
        // The answer to a shutdown that succeeds is the end of the connection.
        if (error instanceof Error && error.name === 'ReplyError') throw error;
      });
      await until(() => process.status() !== undefined, { what: 'Redis has ended', deadline: CLOSE_MS });
    },
    wipe: () => kind.wipe(folder),
  };
  try {
    const supervised = await supervise(recipe);
    started = true;
    return { supervised, access };
  } catch (error) {
    await launcher.removeFolder(folder);
    throw error;
  }
}

/** Starts a server on a free port of 127.0.0.1. */
export async function startRedisProcess(kind: RedisProcessKind): Promise<RedisProcess> {
  const launcher = await launcherFor('redis');
  return withFreePort((port) => startOn(launcher, kind, port));
}
