import { expect, test } from 'vitest';
import { withPostgres } from '../src/postgres-admin.ts';
import { sharedPostgres } from '../src/shared-postgres.ts';

test('each caller gets a schema of its own on the same server, and can drop it', async () => {
  const [one, two] = await Promise.all([sharedPostgres(), sharedPostgres()]);
  await withPostgres(one.url, (query) => query('CREATE TABLE same AS SELECT 1 AS n'));
  await withPostgres(two.url, (query) => query('CREATE TABLE same AS SELECT 2 AS n'));
  expect(await withPostgres(one.url, (query) => query('SELECT n FROM same'))).toEqual([{ n: 1 }]);
  expect(await withPostgres(two.url, (query) => query(`SELECT n FROM ${one.schema}.same`))).toEqual([
    { n: 1 },
  ]);
  await one.drop();
  await two.drop();
  await expect(
    withPostgres(two.url, (query) => query(`SELECT n FROM ${one.schema}.same`)),
  ).rejects.toMatchObject({
    code: '42P01',
  });
});

test.each([true, false])(
  'whether an open transaction of others holds back vacuum: own database %s',
  async (ownDatabase) => {
    await using other = await sharedPostgres();
    await using one = await sharedPostgres({ ownDatabase });
    await withPostgres(one.url, (query) => query('CREATE TABLE brief AS SELECT generate_series(1, 1000)'));
    const left = await withPostgres(other.url, async (looking) => {
      await looking('BEGIN ISOLATION LEVEL REPEATABLE READ');
      await looking('SELECT 1');
      return withPostgres(one.url, async (query) => {
        await query('DELETE FROM brief');
        await query('VACUUM brief');
        return query("SELECT pg_relation_size('brief') > 0 AS held");
      });
    });
    expect(left).toEqual([{ held: !ownDatabase }]);
  },
);
