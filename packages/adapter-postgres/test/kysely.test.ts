import { createKysely, embedded } from '@parley/adapter-postgres';
import type { Database } from '@parley/adapter-postgres';
import { connectPostgres } from '@parley/adapter-postgres';
import { startPostgres, until } from '@parley/services';
import { sql } from 'kysely';
import type { Generated } from 'kysely';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { failure } from './support/failure.ts';

interface Tables {
  people: {
    id: Generated<number>;
    name: string;
    tags: string[];
    born: Date | null;
    seen: string;
    photo: Uint8Array | null;
    facts: { likes: string };
    active: boolean;
  };
}

const create = `create table people (
  id int generated always as identity, name text, tags text[], born timestamptz, seen bigint, photo bytea, facts jsonb, active boolean
)`;

const ann = {
  name: 'Ann "A" O\\Neil',
  tags: ['x', 'with "quotes", commas and \\', '', '{}'],
  born: new Date('1999-12-31T23:59:59.123Z'),
  seen: '9007199254740993',
  photo: Buffer.from([0, 1, 255]),
  facts: { likes: 'tea' },
  active: true,
};

describe.each([
  [
    'a server',
    async () => {
      const server = await startPostgres();
      return { db: connectPostgres({ url: server.url }), stop: () => server.stop() };
    },
  ],
  ['an embedded database', async () => ({ db: await embedded({ memory: true }), stop: async () => {} })],
])('on %s', (_, open) => {
  let db: Database;
  let stop: () => Promise<void>;
  beforeAll(async () => {
    ({ db, stop } = await open());
    await db.query({ text: create });
  });
  afterAll(async () => {
    await db.close();
    await stop();
  });

  test('rows go in and come out with their types, as from the driver', async () => {
    const kysely = createKysely<Tables>(db, 'public');
    const { numInsertedOrUpdatedRows } = await kysely
      .insertInto('people')
      .values({ ...ann, facts: sql`${JSON.stringify(ann.facts)}::jsonb` })
      .executeTakeFirstOrThrow();
    expect(numInsertedOrUpdatedRows).toBe(1n);
    const found = await kysely
      .selectFrom('people')
      .selectAll()
      .where('name', '=', ann.name)
      .executeTakeFirst();
    expect(found).toEqual({ id: 1, ...ann });
    const changed = await kysely.updateTable('people').set({ born: null, photo: null }).executeTakeFirst();
    expect(changed.numUpdatedRows).toBe(1n);
  });

  test('a transaction is one, and an error in it undoes it', async () => {
    const kysely = createKysely<Tables>(db, 'public');
    const count = async (): Promise<unknown> =>
      (
        await kysely
          .selectFrom('people')
          .select(sql<string>`count(*)`.as('n'))
          .executeTakeFirst()
      )?.n;
    const before = await count();
    const work = kysely
      .transaction()
      .setIsolationLevel('serializable')
      .execute(async (trx) => {
        await trx.deleteFrom('people').execute();
        await sql`select 1/0`.execute(trx);
      });
    expect(await failure(work)).toMatchObject({ code: 'STORE_FAULT', evidence: { code: '22012' } });
    expect(await count()).toBe(before);
    expect((await db.query({ text: 'select 1' })).rows).toEqual([['1']]);
  });

  test('destroying it leaves the database open', async () => {
    const kysely = createKysely<Tables>(db);
    await sql`select 1`.execute(kysely);
    await kysely.destroy();
    expect((await db.query({ text: 'select 1' })).rows).toEqual([['1']]);
  });

  test('rows cannot be streamed, and that is said', async () => {
    const kysely = createKysely<Tables>(db, 'public');
    const stream = kysely.selectFrom('people').selectAll().stream();
    expect(await failure(stream.next())).toMatchObject({ message: expect.stringContaining('not supported') });
  });
});

test('a connection that hangs or was demoted does not come back to the pool', async () => {
  const server = await startPostgres();
  try {
    await using db = connectPostgres({
      url: server.url,
      maxConnections: 1,
      queryTimeout: '2s',
      statementTimeout: 0,
    });
    const kysely = createKysely<Tables>(db);
    const pid = async (): Promise<unknown> => (await sql`select pg_backend_pid()`.execute(kysely)).rows;
    let before = await pid();
    expect(await failure(sql`select pg_sleep(20)`.execute(kysely))).toMatchObject({
      code: 'STORE_UNAVAILABLE',
    });
    expect(await pid()).not.toEqual(before);
    before = await pid();
    await server.setReadOnly(true);
    const write = (): Promise<unknown> => sql`create table t (n int)`.execute(kysely);
    await until(async () => Reflect.get(Object(await failure(write())), 'code') === 'STORE_UNAVAILABLE', {
      what: 'the server is read-only',
    });
    expect(await pid()).not.toEqual(before);
  } finally {
    await server.stop();
  }
});
