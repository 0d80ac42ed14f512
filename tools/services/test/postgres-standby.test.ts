import { setTimeout as sleep } from 'node:timers/promises';
import { afterEach, expect, test } from 'vitest';
import { startPostgresPair, type PostgresPair } from '../src/postgres-standby.ts';

let pair: PostgresPair;

afterEach(() => pair.stop());

const CREATE = 'CREATE TABLE entries (n int PRIMARY KEY)';
const insert = (n: number): Promise<unknown> => pair.primary.query('INSERT INTO entries VALUES ($1)', [n]);
const on = async (server: PostgresPair['standby']): Promise<unknown[]> =>
  (await server.query<{ n: number }>('SELECT n FROM entries ORDER BY n')).map(({ n }) => n);

test('a synchronous commit waits for the standby, which loses nothing at failover', async () => {
  pair = await startPostgresPair({ synchronous: true });
  await pair.primary.query(CREATE);
  await insert(1);
  await pair.standby.pause();
  let committed = false;
  const waiting = insert(2).then(() => (committed = true));
  await sleep(300);
  expect(committed).toBe(false);
  await pair.standby.resume();
  await waiting;
  await expect(pair.standby.query('INSERT INTO entries VALUES (9)')).rejects.toMatchObject({ code: '25006' });
  await pair.primary.kill();
  await pair.promote();
  expect(await on(pair.standby)).toEqual([1, 2]);
  await pair.standby.query('INSERT INTO entries VALUES (3)');
  expect(await on(pair.standby)).toEqual([1, 2, 3]);
});

test('an asynchronous standby misses what the link had not carried when the primary died', async () => {
  pair = await startPostgresPair({ synchronous: false });
  await pair.primary.query(CREATE);
  await insert(1);
  await pair.caughtUp();
  pair.link.blackHole();
  await insert(2);
  expect(await on(pair.primary)).toEqual([1, 2]);
  await pair.primary.kill();
  await pair.promote();
  expect(await on(pair.standby)).toEqual([1]);
});

test('a standby that was cut off catches up, also over a restart of the primary or a new copy', async () => {
  pair = await startPostgresPair({ synchronous: false });
  await pair.primary.query(CREATE);
  pair.link.blackHole();
  await insert(1);
  await pair.link.heal();
  await pair.caughtUp();
  expect(await on(pair.standby)).toEqual([1]);
  await pair.primary.kill();
  await pair.primary.restart({ data: 'keep' });
  await insert(2);
  await pair.caughtUp();
  expect(await on(pair.standby)).toEqual([1, 2]);
  await pair.standby.restart({ data: 'wipe' });
  await insert(3);
  await pair.caughtUp();
  expect(await on(pair.standby)).toEqual([1, 2, 3]);
});
