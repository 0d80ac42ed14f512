import type { PGlite as PGliteDatabase } from '@electric-sql/pglite';
import { existsSync } from 'node:fs';
import { readdir, rename, rm } from 'node:fs/promises';
import { join } from 'node:path';
import { InvalidArgument, systemClock } from '@parley/cache-core/kernel';
import type { Database } from './database.ts';
import { requireRoom } from './disk-room.ts';
import { openInMemory } from './embedded-memory.ts';
import { storeError } from './errors.ts';
import { lockFolder } from './folder-lock.ts';
import type { FolderLock } from './folder-lock.ts';
import { databaseHealth } from './health.ts';
import { PgliteEngine } from './pglite-engine.ts';
import { requireSchema } from './schema-name.ts';
import { sessionSetup } from './session-setup.ts';
import { runTransaction } from './transaction.ts';

export interface EmbeddedConfig {
  /** Where the data is kept. One process at a time; another one is refused with `FolderInUse`. */
  readonly folder?: string | undefined;

  /** `true` keeps nothing: for tests and for programs that may forget. */
  readonly memory?: boolean | undefined;

  /** @default 'parley' */
  readonly schema?: string | undefined;
}

/**
 * A Postgres in this process, for programs that have no server: PGlite, loaded only when this is called. It runs in the thread of its
 * caller, survives the death of the process, and keeps it alive until `close`.
 */
export async function embedded(config: EmbeddedConfig): Promise<Database> {
  const schema = requireSchema('schema', config.schema ?? 'parley');
  const folder = requirePlace(config);
  if (folder === undefined) return openDatabase(undefined, schema);
  let lost = (): void => {};
  const lock = await lockFolder(folder, { onLost: () => lost() }).catch((error: unknown) => {
    throw storeError(error, `opening ${folder}`);
  });
  try {
    return await openDatabase(lock, schema, (onLost) => (lost = onLost));
  } catch (error) {
    await lock.release();
    throw storeError(error, `opening ${lock.folder}`);
  }
}

function requirePlace({ folder, memory }: EmbeddedConfig): string | undefined {
  if (folder !== undefined && (typeof folder !== 'string' || folder === '')) {
    throw new InvalidArgument('folder', 'the path of a folder', folder);
  }
  if ((folder === undefined) !== (memory === true)) {
    throw new InvalidArgument('embedded()', 'told either a folder or memory: true', folder ?? memory);
  }
  return folder;
}

async function openDatabase(
  lock: FolderLock | undefined,
  schema: string,
  whenLost: (onLost: () => void) => void = () => {},
): Promise<Database> {
  const { PGlite, protocol } = await import('@electric-sql/pglite');
  const open = (dataDir: string): Promise<PGliteDatabase> => PGlite.create({ dataDir });
  const reopen = lock && (async () => open(await prepareFolder(lock.folder, open)));
  const pg = await (reopen?.() ?? openInMemory((options) => PGlite.create(options)));
  const engine = new PgliteEngine(pg, protocol, reopen);
  whenLost(() => engine.abandon('another process took its folder, because this one seemed dead'));
  const acquire: Database['acquire'] = (options) => engine.acquire(options);
  let closed: Promise<void> | undefined;
  const shutDown = async (): Promise<void> => {
    try {
      await engine.close();
    } finally {
      await lock?.release();
    }
  };
  const close = (): Promise<void> => (closed ??= shutDown());
  try {
    await engine.query(sessionSetup);
  } catch (error) {
    await close();
    throw error;
  }
  return {
    kind: 'pglite',
    schema,
    maxConnections: 1,
    clock: systemClock,
    query: (statement, params, options) => engine.query(statement, params, options),
    acquire,
    transaction: (work, options) => runTransaction(acquire, work, options),
    listen: (channel, handlers, options) => engine.listen(channel, handlers, options),
    health: databaseHealth(systemClock, engine, () => undefined),
    close,
    [Symbol.asyncDispose]: close,
  };
}

/**
 * The folder of the data. A new one is made beside its place and moved there when it is whole: a process that dies on the way would leave
 * something that looks like a database and is none.
 */
async function prepareFolder(
  folder: string,
  open: (dataDir: string) => Promise<{ close(): Promise<void> }>,
): Promise<string> {
  const data = join(folder, 'data');
  if (existsSync(data)) {
    await requireRoom(folder, 'open');
    return data;
  }
  for (const name of await readdir(folder)) {
    if (name.startsWith('unfinished-')) await rm(join(folder, name), { recursive: true, force: true });
  }
  await requireRoom(folder, 'create');
  const unfinished = join(folder, `unfinished-${process.pid}`);
  await (await open(unfinished)).close();
  await rename(unfinished, data);
  return data;
}
