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

/**
 * Sentinels learn of each other, and of a new master, by periodic messages. Until they all know each other they may talk more often. But not
 * for good: a Sentinel turns back a replica that was promoted more than four of these periods ago without having been told of it, and who
 * promoted it takes up to a second to notice that it has succeeded.
 */
const MEETING_MS = 200;
const PUBLISH_MS = 500;
const INFO_MS = 1_000;

export interface SentinelServer extends Server {
  readonly access: RedisAccess;
  /** Whether it runs and is not paused. */
  serving(): boolean;
  /** Ends the time of frequent messages, which begins with the first start. */
  acquainted(): Promise<void>;
}

export interface SentinelOptions {
  readonly name: string;
  readonly master: RedisServer;
  readonly quorum: number;
  /** Milliseconds. */
  readonly downAfter: number;
}

async function setPeriods(access: RedisAccess, publish: number): Promise<void> {
  const periods = ['INFO-PERIOD', INFO_MS, 'PUBLISH-PERIOD', publish];
  await withRedis(access, (call) => call('SENTINEL', 'DEBUG', ...periods));
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
  let met = false;
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
    ready: ({ access: own }) => setPeriods(own, met ? PUBLISH_MS : MEETING_MS),
  });
  const { host, port } = access;
  return {
    ...supervised,
    get pid() {
      return supervised.pid;
    },
    access,
    async acquainted() {
      met = true;
      await setPeriods(access, PUBLISH_MS);
    },
    url: `redis://${host}:${port}`,
    host,
    port,
  };
}
