import { randomUUID } from 'node:crypto';
import { mkdir, readdir, rm, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import type { Certificate } from './certificate.ts';
import { createCertificate } from './certificate.ts';
import { freePort } from './ports.ts';
import type { Argument, RedisAccess } from './redis-admin.ts';
import { redisInfo, withRedis } from './redis-admin.ts';
import type { RedisConfig } from './redis-config.ts';
import { isPersistent, redisDefaults, renderConfig, unquoted } from './redis-config.ts';
import { REDIS_HOST, startRedisProcess } from './redis-process.ts';
import type { Server } from './server.ts';
import type { Supervised } from './supervise.ts';
import { until } from './until.ts';

/** Ours, so that administration does not depend on the users and passwords of a test. */
export const REDIS_ADMIN = 'parley-services';

export interface RedisOptions {
  /** Directives of redis.conf, over the defaults: nothing on disk, 127.0.0.1 only. */
  readonly config?: RedisConfig;
  /** ACL users, each as after the word `user` of redis.conf: `alice on >secret ~app:* +@all`. */
  readonly users?: readonly string[];
  /** Speaks TLS only, with a throwaway certificate for 127.0.0.1 and localhost. @default false */
  readonly tls?: boolean;
}

export interface RedisServer extends Server {
  /** PEM of the authority to trust, where it speaks TLS. */
  readonly ca: string | undefined;
  /** For commands as an administrator, whatever users and passwords are configured. */
  readonly access: RedisAccess;
  /** Whether it runs and is not paused. */
  serving(): boolean;
  /** One command as an administrator, over a connection of its own. */
  command(...command: [string, ...Argument[]]): Promise<unknown>;
  /** Cuts the connections of one kind; answers how many. */
  killClients(type: 'normal' | 'pubsub' | 'replica' | 'master'): Promise<number>;
  /** Forgets all scripts and functions, as after a failover to a server that never saw them. */
  flushScripts(): Promise<void>;
  /** Makes it a replica; resolves when it holds the data of the master. */
  replicate(master: RedisServer): Promise<void>;
  /** A replica receives nothing more and stays a replica, so that it misses what is written from now on. */
  fallBehind(): Promise<void>;
  /** A replica becomes a master with what it has. */
  promote(): Promise<void>;
}

/** Files of one server: the data apart from the rest, because `wipe` takes the data and leaves the identity. */
const dataOf = (folder: string): string => join(folder, 'data');

async function tlsDirectives(
  folder: string,
  port: number,
  { certificate, key }: Certificate,
): Promise<RedisConfig> {
  const [certificateFile, keyFile] = [join(folder, 'certificate.pem'), join(folder, 'key.pem')];
  await Promise.all([writeFile(certificateFile, certificate), writeFile(keyFile, key)]);
  return {
    port: '0',
    'tls-port': String(port),
    'tls-replication': 'yes',
    'tls-cert-file': certificateFile,
    'tls-key-file': keyFile,
    'tls-ca-cert-file': certificateFile,
    'tls-auth-clients': 'no',
  };
}

/** Beyond what a test can ask for. */
interface InternalOptions extends RedisOptions {
  readonly cluster?: RedisConfig;
  /** The administrator's password, where several servers share it. */
  readonly secret?: string;
}

export async function startRedisNode({
  config = {},
  users = [],
  tls = false,
  cluster,
  secret = randomUUID(),
}: InternalOptions): Promise<RedisServer> {
  const certificate = tls ? createCertificate() : undefined;
  const { supervised, access } = await startRedisProcess({
    name: 'redis',
    args: [],
    async prepare({ folder, port, config: file }) {
      await mkdir(dataOf(folder));
      const directives = {
        ...redisDefaults,
        port: String(port),
        dir: dataOf(folder),
        ...(certificate === undefined ? {} : await tlsDirectives(folder, port, certificate)),
        ...(cluster === undefined
          ? {}
          : {
              ...cluster,
              'cluster-config-file': join(folder, 'nodes.conf'),
              'cluster-port': String(await freePort()),
            }),
        ...config,
      };
      await writeFile(file, renderConfig(directives, [`${REDIS_ADMIN} on >${secret} ~* &* +@all`, ...users]));
      const ca = certificate === undefined ? {} : { ca: certificate.certificate };
      return { host: REDIS_HOST, port, username: REDIS_ADMIN, password: secret, ...ca };
    },
    shutdown: ['SHUTDOWN', 'SAVE', 'NOW'],
    async wipe(folder) {
      await rm(dataOf(folder), { recursive: true, force: true });
      await mkdir(dataOf(folder));
    },
    async ready({ folder }) {
      if (isPersistent(config)) return;
      // Written for one restart only: after a later crash this server must come back empty, not with old data.
      for (const name of await readdir(dataOf(folder)))
        if (name.endsWith('.rdb')) await rm(join(dataOf(folder), name), { force: true });
    },
  });
  return redisServer(
    supervised,
    access,
    config['requirepass'] === undefined ? undefined : unquoted(config['requirepass']),
  );
}

function redisServer(supervised: Supervised, access: RedisAccess, password: string | undefined): RedisServer {
  const { host, port, ca } = access;
  const command: RedisServer['command'] = (...words) => withRedis(access, (call) => call(...words));
  const credentials = password === undefined ? '' : `:${encodeURIComponent(password)}@`;
  const faults: Omit<RedisServer, keyof Server | 'serving'> = {
    ca,
    access,
    command,
    killClients: async (type) => Number(await command('CLIENT', 'KILL', 'TYPE', type)),
    async flushScripts() {
      await command('SCRIPT', 'FLUSH', 'SYNC');
      await command('FUNCTION', 'FLUSH', 'SYNC');
    },
    async replicate(master) {
      await withRedis(access, async (call) => {
        await call('CONFIG', 'SET', 'masteruser', REDIS_ADMIN, 'masterauth', master.access.password ?? '');
        await call('REPLICAOF', master.host, master.port);
        await call('CONFIG', 'REWRITE');
      });
      await untilSynchronised(access);
    },
    async fallBehind() {
      // Nobody can listen on port 1 without root, and nobody does: the link to the master is down for good.
      await command('REPLICAOF', REDIS_HOST, 1);
    },
    async promote() {
      await withRedis(access, async (call) => {
        await call('REPLICAOF', 'NO', 'ONE');
        await call('CONFIG', 'REWRITE');
      });
    },
  };
  return {
    ...supervised,
    ...faults,
    get pid() {
      return supervised.pid;
    },
    url: `${ca === undefined ? 'redis' : 'rediss'}://${credentials}${host}:${port}`,
    host,
    port,
  };
}

/** Resolves when a replica holds all that its master had. */
export async function untilSynchronised(access: RedisAccess): Promise<void> {
  await until(
    () =>
      withRedis(access, async (call) => {
        const replication = await redisInfo(call, 'replication');
        return (
          replication.get('master_link_status') === 'up' && replication.get('master_sync_in_progress') === '0'
        );
      }),
    { what: `the replica on port ${access.port} is synchronised` },
  );
}

/** A Redis of its own for the caller, on a free port, with nothing in it. */
export function startRedis(options: RedisOptions = {}): Promise<RedisServer> {
  return startRedisNode(options);
}
