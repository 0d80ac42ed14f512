import { readFileSync } from 'node:fs';
import { ConfigError } from './config-error.ts';
import { readConfigFile, type ConfigFile } from './config-file.ts';
import type { ParleyConfig, StorageSettings } from './config.ts';
import { aboutVariable, variableNames, type Variables } from './environment.ts';
import { isLink } from './foreign.ts';
import { nearMisses } from './near-miss.ts';
import { notesOn } from './notes.ts';
import { Problems, type Given } from './problems.ts';
import { redisTarget, waysOf, type Access, type Place } from './redis-target.ts';

/** Such as `process.env`. */
export type Environment = Readonly<Record<string, string | undefined>>;

export interface ReadConfigOptions {
  /** How the file of `PARLEY_CONFIG` is read. @default from the disk, as UTF-8 */
  readonly readFile?: ((path: string) => string) | undefined;
}

/**
 * Makes one checked config of the environment, and of the file that it names. Opens no connection. Whatever is wrong, contradictory or
 * misspelt is told at once by one `ConfigError`.
 */
export function readConfig(env: Environment = process.env, options: ReadConfigOptions = {}): ParleyConfig {
  const { given, links } = givenIn(env);
  const problems = new Problems(given);
  const said = problems.understand();
  problems.list.push(...nearMisses(env, said.PARLEY_IGNORE ?? []));
  const { readFile = (path: string) => readFileSync(path, 'utf8') } = options;
  const file = said.PARLEY_CONFIG === undefined ? {} : readConfigFile(said.PARLEY_CONFIG, readFile, problems);

  const access = accessOf(said);
  const redis = redisTarget(access, problems, placeInFile(file));
  const chatRedis = redisTarget(chatAccessOf(said), problems);
  const layer = file['cache-layer'];
  const adapter = said.CACHE_ADAPTER ?? layer?.type ?? 'auto';
  if (adapter === 'redis' && redis === undefined) reportNowhere(said.CACHE_ADAPTER === undefined, problems);
  if (adapter === 'database' && said.DATABASE_URL === undefined && said.DATA_DIR === undefined) {
    reportNoDatabase(said.CACHE_ADAPTER === undefined, problems);
  }
  if (said.REDIS_POOL_MIN !== undefined && said.REDIS_POOL_MIN > (said.REDIS_POOL_MAX ?? Infinity)) {
    problems.add('REDIS_POOL_MIN', 'must not be above REDIS_POOL_MAX');
  }
  if (problems.list.length > 0) throw new ConfigError(problems.list);

  const mode = said.NODE_ENV ?? 'development';
  const connecting = {
    keyPrefix: said.REDIS_KEY_PREFIX ?? layer?.settings?.keyPrefix ?? 'parley:',
    connectTimeoutMs: said.REDIS_CREATE_TIMEOUT ?? 5_000,
    reconnectIntervalMs: said.REDIS_CREATE_RETRY_INTERVAL ?? 100,
    closeTimeoutMs: said.REDIS_DESTROY_TIMEOUT ?? 2_000,
  };
  return {
    mode,
    cache: {
      adapter,
      defaultTtl: said.CACHE_DEFAULT_TTL ?? layer?.settings?.ttl,
      ttlClasses: {
        short: said.REDIS_TTL_SHORT ?? 300,
        medium: said.REDIS_TTL_MEDIUM ?? 3600,
        long: said.REDIS_TTL_LONG ?? 86_400,
      },
    },
    redis: redis && {
      ...redis,
      ...connecting,
      expected: { maxMemoryBytes: said.REDIS_MAX_MEMORY, evictionPolicy: said.REDIS_EVICTION_POLICY },
    },
    chatRedis: chatRedis && {
      ...chatRedis,
      ...connecting,
      expected: { maxMemoryBytes: undefined, evictionPolicy: undefined },
    },
    databaseUrl: said.DATABASE_URL,
    dataDir: said.DATA_DIR,
    storage: storageIn(file),
    notes: notesOn({
      given,
      links,
      file,
      mode,
      hasRedis: redis !== undefined,
      hasChatRedis: chatRedis !== undefined,
      placedByEnvironment: waysOf(access).length > 0,
    }),
  };
}

/** Empty means unset, and what a platform injected under a name of ours is none of ours. */
function givenIn(env: Environment): { given: Given; links: string[] } {
  const given: Record<string, string> = {};
  const links: string[] = [];
  for (const name of variableNames) {
    const value = env[name] ?? '';
    // Blanks may belong to a password.
    const text = aboutVariable(name).visibility === 'secret' ? value : value.trim();
    if (text === '') continue;
    if (isLink(name, text)) links.push(name);
    else given[name] = text;
  }
  return { given, links };
}

function accessOf(said: Variables): Access {
  return {
    prefix: 'REDIS',
    url: said.REDIS_URL,
    host: said.REDIS_HOST,
    port: said.REDIS_PORT,
    username: said.REDIS_USERNAME,
    password: said.REDIS_PASSWORD,
    db: said.REDIS_DB,
    tls: said.REDIS_TLS,
    sentinels: said.REDIS_SENTINELS,
    sentinelName: said.REDIS_SENTINEL_NAME,
    sentinelPassword: said.REDIS_SENTINEL_PASSWORD,
    nodes: said.REDIS_CLUSTER_NODES,
  };
}

function chatAccessOf(said: Variables): Access {
  return {
    prefix: 'CHAT_REDIS',
    url: said.CHAT_REDIS_URL,
    host: said.CHAT_REDIS_HOST,
    port: said.CHAT_REDIS_PORT,
    username: said.CHAT_REDIS_USERNAME,
    password: said.CHAT_REDIS_PASSWORD,
    db: said.CHAT_REDIS_DB,
    tls: said.CHAT_REDIS_TLS,
  };
}

function reportNowhere(byFile: boolean, problems: Problems): void {
  const places = ['REDIS_URL', 'REDIS_HOST', 'REDIS_SENTINELS', 'REDIS_CLUSTER_NODES'];
  // It was said somewhere, and why that is of no use is told already.
  if ([...places, 'PARLEY_CONFIG'].some((name) => problems.has(name))) return;
  const needed = `needs the address of a Redis: set one of ${places.join(', ')}`;
  if (byFile) problems.add('PARLEY_CONFIG', `cache-layer.type (redis) ${needed}, or cache-layer.connection`);
  else problems.add('CACHE_ADAPTER', needed);
}

function reportNoDatabase(byFile: boolean, problems: Problems): void {
  if (['DATABASE_URL', 'DATA_DIR', 'PARLEY_CONFIG'].some((name) => problems.has(name))) return;
  const needed =
    'needs a database: set DATABASE_URL, or DATA_DIR for the embedded one (auto runs it in memory without either)';
  if (byFile) problems.add('PARLEY_CONFIG', `cache-layer.type (database) ${needed}`);
  else problems.add('CACHE_ADAPTER', needed);
}

function placeInFile({ 'cache-layer': cache }: ConfigFile): Place | undefined {
  const { cluster, host, port = 6379, database } = cache?.connection ?? {};
  if (cluster !== undefined) {
    return {
      mode: 'cluster',
      addresses: cluster.map((node) => ({ host: node.host, port: node.port ?? 6379 })),
    };
  }
  return host === undefined ? undefined : { mode: 'standalone', addresses: [{ host, port }], db: database };
}

function storageIn({ storage }: ConfigFile): StorageSettings | undefined {
  if (storage === undefined) return undefined;
  const { host, port = 6379, database = 0 } = storage.connection;
  return {
    redis: {
      mode: 'standalone',
      addresses: [{ host, port }],
      masterName: undefined,
      db: database,
      username: undefined,
      password: undefined,
      sentinelPassword: undefined,
      tls: false,
    },
    retentionDays: storage.retention ?? {},
  };
}
