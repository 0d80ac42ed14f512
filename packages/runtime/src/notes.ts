import type { ConfigNote } from './config.ts';
import type { ConfigFile } from './config-file.ts';
import type { Given } from './problems.ts';

const together =
  'has no effect: there is no pool, the calls of all callers travel together over two connections';

/** What became of variables of a connection pool, which our driver has none of. */
const ofPool: Readonly<Record<string, string>> = {
  REDIS_POOL_MIN: together,
  REDIS_POOL_MAX: together,
  REDIS_ACQUIRE_TIMEOUT:
    'has no effect: nobody waits for a free connection, and the cache goes on without Redis after half a second',
  REDIS_CREATE_TIMEOUT: 'is how long connecting may take',
  REDIS_DESTROY_TIMEOUT: 'is how long close() lets the connections finish',
  REDIS_IDLE_TIMEOUT: 'has no effect: connections stay open while the process runs',
  REDIS_REAP_INTERVAL: 'has no effect: there are no idle connections to look for',
  REDIS_CREATE_RETRY_INTERVAL:
    'is the longest pause before connecting is tried again; each further pause may be twice as long, up to two seconds',
  REDIS_MAX_MEMORY: 'is compared with the setting of the server, and changes nothing there',
  REDIS_EVICTION_POLICY: 'is compared with the setting of the server, and changes nothing there',
};

export interface NoteFacts {
  readonly given: Given;
  /** Variables that a platform put there. */
  readonly links: readonly string[];
  readonly file: ConfigFile;
  readonly mode: string;
  readonly hasRedis: boolean;
  readonly hasChatRedis: boolean;
  /** Whether the environment itself says where Redis is. */
  readonly placedByEnvironment: boolean;
}

/** What whoever configures should know of the variables that are not simply taken as they are. */
export function notesOn(facts: NoteFacts): ConfigNote[] {
  const { given, links, file, mode } = facts;
  const note = (variable: string, text: string): ConfigNote => ({ variable, note: text });
  return [
    ...links.map((name) => note(name, 'was put there by a container platform and is left alone')),
    ...Object.keys(given).flatMap((name) => {
      if (isWithoutRedis(name, facts)) return note(name, 'has no effect: nothing says where Redis is');
      const text = ofPool[name];
      return text === undefined ? [] : note(name, `${text}${evicting(name, given)}`);
    }),
    ...(['production', 'development', 'test'].includes(mode)
      ? []
      : [note('NODE_ENV', 'counts as development')]),
    ...fileNotes(file, facts).map((text) => note('PARLEY_CONFIG', text)),
    ...memoryNotes(facts).map((text) => note('CACHE_ADAPTER', text)),
    ...dataDirNotes(facts).map((text) => note('DATA_DIR', text)),
  ];
}

/** A policy that is right for a cache, and for nothing else that is kept there. */
function evicting(name: string, given: Given): string {
  if (name !== 'REDIS_EVICTION_POLICY' || given[name] === 'noeviction') return '';
  return '; a server that evicts may lose limits, locks, sessions and jobs without a word';
}

/** What holds for the second Redis of the chat hub as well. */
const ofBoth: ReadonlySet<string> = new Set([
  'REDIS_KEY_PREFIX',
  'REDIS_CREATE_TIMEOUT',
  'REDIS_CREATE_RETRY_INTERVAL',
  'REDIS_DESTROY_TIMEOUT',
]);

function isWithoutRedis(name: string, { hasRedis, hasChatRedis }: NoteFacts): boolean {
  if (name.startsWith('CHAT_REDIS_') || ofBoth.has(name)) {
    return !hasChatRedis && (!hasRedis || !ofBoth.has(name));
  }
  return name.startsWith('REDIS_') && !name.startsWith('REDIS_TTL_') && !hasRedis;
}

function fileNotes(
  { storage, 'cache-layer': cache }: ConfigFile,
  { given, placedByEnvironment }: NoteFacts,
): string[] {
  const { keyPrefix, ttl } = cache?.settings ?? {};
  return [
    ...(storage === undefined
      ? []
      : [
          'storage is checked and kept in config.storage; nothing of this release stores records with a retention',
        ]),
    ...(cache?.type !== undefined && given['CACHE_ADAPTER'] !== undefined
      ? ['cache-layer.type gives way to CACHE_ADAPTER']
      : []),
    ...(cache?.connection !== undefined && placedByEnvironment
      ? ['cache-layer.connection gives way to the environment']
      : []),
    ...(keyPrefix !== undefined && given['REDIS_KEY_PREFIX'] !== undefined
      ? ['cache-layer.settings.keyPrefix gives way to REDIS_KEY_PREFIX']
      : []),
    ...(ttl !== undefined && given['CACHE_DEFAULT_TTL'] !== undefined
      ? ['cache-layer.settings.ttl gives way to CACHE_DEFAULT_TTL']
      : []),
  ];
}

/** What one process keeps for itself is what a program of several would not expect of them. */
function memoryNotes({ given, mode }: NoteFacts): string[] {
  return given['CACHE_ADAPTER'] === 'memory' && mode === 'production'
    ? [
        'keeps limits, locks and sessions in the memory of this process alone: others neither count nor wait with it',
      ]
    : [];
}

function dataDirNotes({ given, mode }: NoteFacts): string[] {
  if (given['DATA_DIR'] === undefined) return [];
  if (given['DATABASE_URL'] !== undefined) return ['has no effect: the database is that of DATABASE_URL'];
  return mode === 'test' ? ['has no effect: tests keep nothing'] : [];
}
