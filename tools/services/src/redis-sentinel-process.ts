import { writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import type { RedisServer } from './redis.ts';
import type { RedisAccess } from './redis-admin.ts';
import { withRedis } from './redis-admin.ts';
import { renderConfig } from './redis-config.ts';
import { REDIS_HOST, startRedisProcess } from './redis-process.ts';
import type { Server } from './server.ts';

/** Failovers take as long as these allow, and a busy machine must not trigger one. */
const FAILOVER_TIMEOUT_MS = 5_000;

/** Sentinels learn of each other and of roles by periodic messages, meant for machines far apart. */
const PERIODS = ['info-period', 1_000, 'publish-period', 200, 'slave-reconf-timeout', 3_000];

export interface SentinelServer extends Server {
  readonly access: RedisAccess;
  /** Whether it runs and is not paused. */
  serving(): boolean;
}

export interface SentinelOptions {
  readonly name: string;
  readonly master: RedisServer;
  readonly quorum: number;
  /** Milliseconds. */
  readonly downAfter: number;
}

/** One Sentinel; `restart` with `wipe` makes it forget all but what it was told at first. */
export async function startSentinel({
  name,
  master,
  quorum,
  downAfter,
}: SentinelOptions): Promise<SentinelServer> {
  const { username = '', password = '' } = master.access;
  let text = '';
  const { supervised, access } = await startRedisProcess({
    name: 'sentinel',
    args: ['--sentinel'],
    async prepare({ folder, port, config }) {
      text = renderConfig({
        bind: REDIS_HOST,
        port: String(port),
        dir: folder,
        daemonize: 'no',
        logfile: '',
        'sentinel monitor': `${name} ${master.host} ${master.port} ${quorum}`,
        'sentinel auth-user': `${name} ${username}`,
        'sentinel auth-pass': `${name} ${password}`,
        'sentinel down-after-milliseconds': `${name} ${downAfter}`,
        'sentinel failover-timeout': `${name} ${FAILOVER_TIMEOUT_MS}`,
      });
      await writeFile(config, text);
      return { host: REDIS_HOST, port };
    },
    shutdown: ['SHUTDOWN', 'NOSAVE'],
    wipe: (folder) => writeFile(join(folder, 'redis.conf'), text),
    async ready({ access: own }) {
      await withRedis(own, (call) => call('SENTINEL', 'DEBUG', ...PERIODS));
    },
  });
  const { host, port } = access;
  return {
    ...supervised,
    get pid() {
      return supervised.pid;
    },
    access,
    url: `redis://${host}:${port}`,
    host,
    port,
  };
}
