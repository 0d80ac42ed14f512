import type { Duration } from '@parley/cache-core/kernel';

/** Where Redis is and how to speak to it. `redisConfigFromUrl` makes one of a URL. */
export type RedisConfig = RedisStandaloneConfig | RedisSentinelConfig | RedisClusterConfig;

export interface RedisAddress {
  readonly host: string;
  /** @default 6379; 26379 for Sentinels */
  readonly port?: number | undefined;
}

/** Text in PEM, as `node:tls` takes it. */
export interface RedisTls {
  /** The authorities to trust. @default those of Node */
  readonly ca?: string | readonly string[] | undefined;
  readonly cert?: string | undefined;
  readonly key?: string | undefined;
  readonly passphrase?: string | undefined;
  /** The name that the certificate must carry. @default the host */
  readonly servername?: string | undefined;
  /** `false` accepts any certificate: whoever sits between can read and change everything. @default true */
  readonly rejectUnauthorized?: boolean | undefined;
}

export interface RedisCommonConfig {
  /** An ACL user. @default the user `default` */
  readonly username?: string | undefined;
  readonly password?: string | undefined;
  /** @default false */
  readonly tls?: boolean | RedisTls | undefined;
  /** Stands before every key and channel. @default 'parley:' */
  readonly prefix?: string | undefined;
  /** The beginning of the connections' names in `CLIENT LIST`. @default 'parley' */
  readonly connectionName?: string | undefined;
  /** How long a connection may take to come up. @default '5s' */
  readonly connectTimeout?: Duration | undefined;
  /** A server that owes an answer and sends nothing for so long, or a quarter more, is given up: the connection is made anew. @default '2s' */
  readonly responseTimeout?: Duration | undefined;
  /** The longest pause after the first attempt to connect that failed; each further one may be twice as long, up to two seconds. @default '100ms' */
  readonly reconnectInterval?: Duration | undefined;
}

export interface RedisStandaloneConfig extends RedisCommonConfig, RedisAddress {
  readonly mode: 'standalone';
  /** @default 0 */
  readonly db?: number | undefined;
}

export interface RedisSentinelConfig extends RedisCommonConfig {
  readonly mode: 'sentinel';
  readonly sentinels: readonly RedisAddress[];
  /** Under which the Sentinels know the master. */
  readonly name: string;
  /** @default 0 */
  readonly db?: number | undefined;
  readonly sentinelUsername?: string | undefined;
  readonly sentinelPassword?: string | undefined;
  /** For the connections to Sentinels. @default that of `tls` */
  readonly sentinelTls?: boolean | RedisTls | undefined;
  /** Where this process reaches the servers that the Sentinels name, by `host:port`. @default where they say */
  readonly natMap?: Readonly<Record<string, RedisAddress>> | undefined;
}

export interface RedisClusterConfig extends RedisCommonConfig {
  readonly mode: 'cluster';
  /** Some of the nodes; they name the others. */
  readonly nodes: readonly RedisAddress[];
  /** Where this process reaches the nodes that the cluster names, by `host:port`. @default where it says */
  readonly natMap?: Readonly<Record<string, RedisAddress>> | undefined;
}
