import type { Subjects } from '../../src/scenario.ts';
import { workOn } from './postgres.ts';
import type { Direction } from './postgres.ts';

/** Both in memory. No rival has a store for it. */
export const pgliteCalls = (direction: Direction, bytes: number): Subjects => ({
  ours: async () => {
    const { createCache } = await import('@parley/cache-core');
    const { embedded } = await import('@parley/adapter-postgres');
    const { postgresCacheStore } = await import('@parley/adapter-postgres/cache');
    const db = await embedded({ memory: true });
    const store = postgresCacheStore(db);
    const cache = createCache({ store, local: false, handOut: 'shared' });
    return workOn(
      {
        get: (key) => cache.get(key),
        set: (key, value) => cache.set(key, value),
        async close() {
          await cache.close();
          await store.close();
          await db.close();
        },
      },
      direction,
      bytes,
    );
  },
  // Its `query` has no names for prepared statements.
  floor: async () => {
    const { PGlite } = await import('@electric-sql/pglite');
    const db = await PGlite.create();
    await db.exec(
      'CREATE UNLOGGED TABLE entries (key text PRIMARY KEY, value text, expires timestamptz) WITH (fillfactor = 50)',
    );
    return workOn(
      {
        async get(key) {
          const { rows } = await db.query<{ value: string }>(
            'SELECT value FROM entries WHERE key = $1 AND expires > now()',
            [key],
          );
          return rows[0] && JSON.parse(rows[0].value);
        },
        set: (key, value) =>
          db.query(
            `INSERT INTO entries VALUES ($1, $2, now() + interval '1 hour')
             ON CONFLICT (key) DO UPDATE SET value = excluded.value, expires = excluded.expires`,
            [key, JSON.stringify(value)],
          ),
        close: () => db.close(),
      },
      direction,
      bytes,
    );
  },
});
