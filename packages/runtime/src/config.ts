import type { AdapterChoice } from '@parley/cache-core';
import type { Address } from './fields.ts';
import type { Secret } from './secret.ts';

/** Where a Redis is, and how to be let in. */
export interface RedisTarget {
  readonly mode: 'standalone' | 'sentinel' | 'cluster';
  /** Of the server, of the Sentinels, or of some nodes. */
  readonly addresses: readonly Address[];
  /** Under which the Sentinels know the master. */
  readonly masterName: string | undefined;
  readonly db: number;
  readonly username: string | undefined;
  readonly password: Secret | undefined;
  readonly sentinelPassword: Secret | undefined;
  readonly tls: boolean;
}

export interface RedisSettings extends RedisTarget {
  /** Stands before every key and channel. */
  readonly keyPrefix: string;
  readonly connectTimeoutMs: number;
  /** The longest pause after the first attempt to connect that failed. */
  readonly reconnectIntervalMs: number;
  /** How long closing waits for what is under way. */
  readonly closeTimeoutMs: number;
  /** What the server is expected to be set to; undefined is not compared. */
  readonly expected: {
    readonly maxMemoryBytes: number | undefined;
    readonly evictionPolicy: string | undefined;
  };
}

export interface CacheSettings {
  readonly adapter: AdapterChoice;
  /** In seconds. Undefined: that of the class `medium`. */
  readonly defaultTtl: number | undefined;
  /** In seconds. */
  readonly ttlClasses: { readonly short: number; readonly medium: number; readonly long: number };
}

/** `storage:` of the file. */
export interface StorageSettings {
  readonly redis: RedisTarget;
  /** How many days each kind of record is kept. */
  readonly retentionDays: Readonly<Record<string, number>>;
}

/** What became of a variable that is not taken as it is. */
export interface ConfigNote {
  readonly variable: string;
  readonly note: string;
}

/** Everything that the environment and the file say, checked. Secrets are wrapped: it can be logged and turned into JSON. */
export interface ParleyConfig {
  /** `NODE_ENV`. */
  readonly mode: string;
  readonly cache: CacheSettings;
  readonly redis: RedisSettings | undefined;
  /** The second Redis of the chat hub, for its bus and presence. Undefined: what keeps the cache serves for these too. */
  readonly chatRedis: RedisSettings | undefined;
  readonly databaseUrl: Secret | undefined;
  readonly dataDir: string | undefined;
  readonly storage: StorageSettings | undefined;
  readonly notes: readonly ConfigNote[];
}
