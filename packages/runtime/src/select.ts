import { selectAdapter, type Selection } from '@parley/cache-core';
import type { ParleyConfig } from './config.ts';

/** Which adapter serves what, and why. */
export interface Selections {
  readonly cache: Selection;
  /** That of the bus as well: of the cache, but for a chat hub with a Redis of its own for both. */
  readonly presence: Selection;
  /** Always that of the cache; so are the following. */
  readonly limits: Selection;
  readonly locks: Selection;
  readonly sessions: Selection;
  /** The database that the application asked for. */
  readonly database?: Selection;
}

/**
 * Decides by the config alone; opens nothing.
 *
 * @param chat whether the second Redis is for this application
 */
export function selectAdapters(config: ParleyConfig, chat = false): Selections {
  const selection = selectAdapter({
    choice: config.cache.adapter,
    mode: config.mode,
    hasRedis: config.redis !== undefined,
    hasDatabase: config.databaseUrl !== undefined,
    hasFolder: config.dataDir !== undefined,
  });
  const told =
    selection.adapter === 'embedded'
      ? { ...selection, because: `${selection.because}; ${whereEmbedded(config)}` }
      : selection;
  // What one warning says of all is not said of each.
  const same = { adapter: told.adapter, because: told.because };
  const presence: Selection =
    chat && config.chatRedis !== undefined
      ? { adapter: 'redis', because: 'the Redis of CHAT_REDIS_URL or CHAT_REDIS_HOST' }
      : same;
  return { cache: told, presence, limits: same, locks: same, sessions: same };
}

/** The database of an application that asks for one, whatever keeps the cache: by the config alone. */
export function selectDatabase(config: ParleyConfig): Selection {
  if (config.databaseUrl !== undefined)
    return { adapter: 'postgres', because: 'the Postgres of DATABASE_URL' };
  const because = `the embedded Postgres, as DATABASE_URL is not set; ${whereEmbedded(config)}`;
  if (config.mode !== 'production') return { adapter: 'embedded', because };
  const warning =
    embeddedFolder(config) === undefined
      ? 'Production loses its tables when this process ends: set DATABASE_URL, or DATA_DIR'
      : 'Production keeps its tables in a folder that one process at a time can have: set DATABASE_URL before a second one is started';
  return { adapter: 'embedded', because, warning };
}

/** The folder of the embedded Postgres; undefined: in memory. Tests leave nothing behind, and must not meet the data of development. */
export function embeddedFolder({ mode, dataDir }: ParleyConfig): string | undefined {
  return mode === 'test' ? undefined : dataDir;
}

function whereEmbedded(config: ParleyConfig): string {
  const folder = embeddedFolder(config);
  return folder === undefined
    ? `its data is kept in memory, ${whyMemory(config)}`
    : `its data is in ${folder}`;
}

function whyMemory({ mode }: ParleyConfig): string {
  return mode === 'test' ? 'as tests keep nothing' : 'as DATA_DIR is not set';
}
