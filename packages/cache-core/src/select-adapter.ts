import { InvalidArgument } from './kernel/errors.ts';

export type AdapterChoice = 'auto' | 'redis' | 'database' | 'memory';

/** Where something is kept: a Redis, a Postgres, the Postgres within this process, or its memory. */
export type Adapter = 'redis' | 'postgres' | 'embedded' | 'memory';

export interface Surroundings {
  /** `CACHE_ADAPTER`. @default 'auto' */
  readonly choice?: AdapterChoice | undefined;
  /** `NODE_ENV`; unset means development. */
  readonly mode?: string | undefined;
  readonly hasRedis: boolean;
  /** `DATABASE_URL`. */
  readonly hasDatabase: boolean;
  /** `DATA_DIR`: where the embedded Postgres keeps its data. @default false */
  readonly hasFolder?: boolean | undefined;
}

export interface Selection {
  readonly adapter: Adapter;
  /** A sentence for the log and for `parley status`. */
  readonly because: string;
  /** Something that whoever runs this should know. */
  readonly warning?: string | undefined;
}

/** Which adapter the environment asks for. Production with a Redis takes it; development and tests take the database, so that they need no Redis. */
export function selectAdapter({
  choice = 'auto',
  mode = 'development',
  hasRedis,
  hasDatabase,
  hasFolder = false,
}: Surroundings): Selection {
  const database: Adapter = hasDatabase ? 'postgres' : 'embedded';
  const databaseName = hasDatabase
    ? 'the Postgres of DATABASE_URL'
    : 'the embedded Postgres, as DATABASE_URL is not set';
  if (choice === 'memory') return { adapter: 'memory', because: 'CACHE_ADAPTER=memory' };
  if (choice === 'redis') {
    if (hasRedis) return { adapter: 'redis', because: 'CACHE_ADAPTER=redis' };
    throw new InvalidArgument(
      'CACHE_ADAPTER',
      'something else, or REDIS_URL (or REDIS_HOST) must say where Redis is',
      choice,
    );
  }
  if (choice === 'database') {
    if (hasDatabase || hasFolder)
      return { adapter: database, because: `CACHE_ADAPTER=database; ${databaseName}` };
    throw new InvalidArgument(
      'CACHE_ADAPTER',
      'something else, or DATABASE_URL (or DATA_DIR) must say where the database is',
      choice,
    );
  }
  if (mode === 'test') return { adapter: database, because: `NODE_ENV=test; ${databaseName}` };
  if (mode !== 'production') return { adapter: database, because: `NODE_ENV=${mode}; ${databaseName}` };
  if (hasRedis) return { adapter: 'redis', because: 'NODE_ENV=production and a Redis is configured' };
  if (hasDatabase)
    return {
      adapter: 'postgres',
      because: 'NODE_ENV=production without a Redis; the Postgres of DATABASE_URL',
    };
  return {
    adapter: 'embedded',
    because: 'NODE_ENV=production with neither REDIS_URL nor DATABASE_URL',
    warning:
      'Production runs on the embedded Postgres of this process: set DATABASE_URL or REDIS_URL before a second process is started',
  };
}
