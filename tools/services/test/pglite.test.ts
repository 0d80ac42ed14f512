import { expect, test, vi } from 'vitest';
import { keeper } from '../src/keeper.ts';
import { openPglite } from '../src/pglite.ts';

// The first initdb of a process compiles a large module.
vi.setConfig({ testTimeout: 60_000 });

test('in memory, each database is its own', async () => {
  await using one = await openPglite();
  await using two = await openPglite();
  await one.exec('CREATE TABLE same (n int); INSERT INTO same VALUES (1), (2)');
  expect(await one.query('SELECT n FROM same WHERE n > $1', [1])).toEqual([{ n: 2 }]);
  expect(await two.query("SELECT to_regclass('same') AS same")).toEqual([{ same: null }]);
});

test('in a folder, the data is there when it is opened again', async () => {
  const owner = await keeper();
  const folder = await owner.createFolder('pglite');
  const first = await openPglite({ folder });
  await first.exec('CREATE TABLE kept (n int); INSERT INTO kept VALUES (7)');
  await first.close();
  await first.close();
  await using again = await openPglite({ folder });
  expect(await again.query('SELECT n FROM kept')).toEqual([{ n: 7 }]);
});

test('after close nothing is answered', async () => {
  const server = await openPglite();
  await server.close();
  await expect(server.query('SELECT 1')).rejects.toThrow('closed');
});
