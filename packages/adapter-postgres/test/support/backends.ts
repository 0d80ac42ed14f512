import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { connectPostgres, embedded } from '@parley/adapter-postgres';
import type { Database } from '@parley/adapter-postgres';
import { sharedPostgres } from '@parley/services';

/** A database, as often as it can be opened at once: embedded there is one for the whole process. */
export interface Backend extends AsyncDisposable {
  readonly db: Database;
  /** What another process has. */
  readonly other: Database;
}

async function server(): Promise<Backend> {
  const shared = await sharedPostgres({ ownDatabase: true });
  const { url, schema } = shared;
  const db = connectPostgres({ url, schema });
  const other = connectPostgres({ url, schema });
  return {
    db,
    other,
    async [Symbol.asyncDispose]() {
      await Promise.all([db.close(), other.close()]);
      await shared.drop();
    },
  };
}

async function inMemory(): Promise<Backend> {
  const db = await embedded({ memory: true });
  return { db, other: db, [Symbol.asyncDispose]: () => db.close() };
}

async function inFolder(): Promise<Backend> {
  const folder = await mkdtemp(join(tmpdir(), 'parley-embedded-'));
  const db = await embedded({ folder });
  return {
    db,
    other: db,
    async [Symbol.asyncDispose]() {
      await db.close();
      await rm(folder, { recursive: true });
    },
  };
}

export const backends: Readonly<Record<string, () => Promise<Backend>>> = {
  'a server': server,
  'PGlite in memory': inMemory,
  'PGlite in a folder': inFolder,
};

export async function openBackend(name: string): Promise<Backend> {
  const open = backends[name];
  if (open === undefined) throw new Error(`there is no ${name}`);
  return open();
}

/** Forgets all entries, leases, guards and positions; the tables stay. */
export async function empty({ schema, ...db }: Database): Promise<void> {
  const tables = ['cache_entries', 'cache_guards', 'cache_entries_logged', 'cache_guards_logged'];
  await db.query({ text: `truncate ${tables.map((table) => `${schema}.${table}`).join(', ')}` });
}
