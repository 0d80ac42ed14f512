import type { Subject, Subjects, Work } from '../../src/scenario.ts';
import { openLibrary, tableName } from './libraries/library.ts';
import type { LibraryName, OpenLibrary } from './libraries/library.ts';
import { keysOf, mustEqual, valueOf } from './values.ts';

const keys = keysOf(2000);
const keyAt = (i: number): string => keys[i % 2000] ?? '';

/** What one call is: the least SQL that a cache needs. */
export interface Row {
  readonly get: (key: string) => Promise<unknown>;
  readonly set: (key: string, value: unknown) => Promise<unknown>;
  readonly close: () => Promise<void>;
}

export type Direction = 'get' | 'set';

export async function workOn(cache: Row, direction: Direction, bytes: number): Promise<Work> {
  const values = keys.map((_, i) => valueOf(i, bytes));
  for (let from = 0; from < keys.length; from += 50) {
    await Promise.all(keys.slice(from, from + 50).map((key, i) => cache.set(key, values[from + i])));
  }
  mustEqual(await cache.get(keyAt(7)), values[7]);
  const op =
    direction === 'get'
      ? (i: number) => cache.get(keyAt(i))
      : (i: number) => cache.set(keyAt(i), values[(i * 7) % 2000]);
  return { op, teardown: () => cache.close() };
}

function library(name: LibraryName, direction: Direction, bytes: number): Subject {
  return async ({ url, prefix }) => {
    const cache: OpenLibrary = await openLibrary(name, { prefix, postgres: url('postgres'), local: false });
    return workOn(cache, direction, bytes);
  };
}

/** One prepared statement for each call, on ten connections, with a table as light as ours: not logged, room for updates in place. */
function driver(direction: Direction, bytes: number): Subject {
  return async ({ url, prefix }) => {
    const { default: pg } = await import('pg');
    const pool = new pg.Pool({ connectionString: url('postgres'), max: 10 });
    const table = tableName(prefix);
    await pool.query(
      `CREATE UNLOGGED TABLE ${table} (key text PRIMARY KEY, value text, expires timestamptz) WITH (fillfactor = 50)`,
    );
    const read = `SELECT value FROM ${table} WHERE key = $1 AND expires > now()`;
    const write = `INSERT INTO ${table} VALUES ($1, $2, now() + interval '1 hour')
      ON CONFLICT (key) DO UPDATE SET value = excluded.value, expires = excluded.expires`;
    return workOn(
      {
        async get(key) {
          const { rows } = await pool.query<{ value: string }>({ name: 'read', text: read, values: [key] });
          return rows[0] && JSON.parse(rows[0].value);
        },
        set: (key, value) => pool.query({ name: 'write', text: write, values: [key, JSON.stringify(value)] }),
        close: () => pool.end(),
      },
      direction,
      bytes,
    );
  };
}

export const postgresCalls = (direction: Direction, bytes: number): Subjects => ({
  ours: library('parley', direction, bytes),
  floor: driver(direction, bytes),
  rivals: {
    keyv: library('keyv', direction, bytes),
    bentocache: library('bentocache', direction, bytes),
    cacheable: library('cacheable', direction, bytes),
    'cache-manager': library('cache-manager', direction, bytes),
  },
});
