import { readFileSync } from 'node:fs';
import { createLocks, type Locks } from '@parley/cache-core/lock';
import { sharedPostgres } from '@parley/services';
import { expect, it } from 'vitest';
// #region transaction
import { connectPostgres, type Database } from '@parley/adapter-postgres';
import { postgresLockStore, type PostgresLockStore } from '@parley/adapter-postgres/lock';

/** Locked until the transaction ends: there is no lease that could be over too early. */
export function payOut(db: Database, store: PostgresLockStore, account: string): Promise<boolean> {
  return db.transaction(async (session) => {
    const fence = await store.lockInTransaction(session, `account:${account}`);
    if (fence === undefined) return false; // somebody else is at it
    await session.query({ text: 'update app.accounts set balance = 0 where id = $1' }, [account]);
    return true;
  });
}
// #endregion transaction

// #region checked
/** Long work under a lease. What it comes to is written only if nobody has had the lock since. */
export function settle(
  db: Database,
  store: PostgresLockStore,
  locks: Locks, // createLocks({ store })
  account: string,
): Promise<boolean> {
  return locks.using(`account:${account}`, async (signal, fence) => {
    const balance = await askTheBank(account, signal);
    return db.transaction(async (session) => {
      if (!(await store.checkFence(session, `account:${account}`, fence))) return false;
      await session.query({ text: 'update app.accounts set balance = $2 where id = $1' }, [account, balance]);
      return true;
    });
  });
}
// #endregion checked

// #region column
/** For a table in any database, whatever the locks are kept in: it remembers the highest fence that it has seen. */
export async function writeFenced(db: Database, account: string, balance: number, fence: number) {
  const statement = {
    text: 'update app.accounts set balance = $2, fence = $3 where id = $1 and fence <= $3::bigint',
  };
  const { count } = await db.query(statement, [account, balance, fence]);
  if (count === 0) throw new Error(`account ${account}: somebody else has had the lock since`);
}
// #endregion column

let answer = async (): Promise<number> => 7;
const askTheBank = (_account: string, _signal: AbortSignal): Promise<number> => answer();

it('they run, and refuse who comes too late', async () => {
  await using shared = await sharedPostgres();
  await using db = connectPostgres({ url: shared.url, schema: shared.schema });
  const session = await db.acquire();
  await session.script(
    `create schema if not exists app; drop table if exists app.accounts;
     create table app.accounts (id text primary key, balance bigint not null, fence bigint not null default 0);
     insert into app.accounts values ('ann', 100)`,
  );
  session.release();
  const store = postgresLockStore(db);
  await using locks = createLocks({ store });
  const balance = async (): Promise<unknown> =>
    (await db.query({ text: 'select balance from app.accounts' })).rows[0]?.[0];

  expect(await settle(db, store, locks, 'ann')).toBe(true);
  expect(await balance()).toBe('7');
  expect(await payOut(db, store, 'ann')).toBe(true);
  expect(await balance()).toBe('0');

  // While the bank takes its time, the lock goes to somebody else.
  answer = async () => {
    const { rows } = await db.query({
      text: `update ${db.schema}.locks set until = clock_timestamp() returning key`,
    });
    expect(rows).toEqual([['account:ann']]);
    expect(await payOut(db, store, 'ann')).toBe(true);
    return 99;
  };
  expect(await settle(db, store, locks, 'ann')).toBe(false);
  expect(await balance()).toBe('0');

  await writeFenced(db, 'ann', 1, 10);
  await writeFenced(db, 'ann', 2, 12);
  await expect(writeFenced(db, 'ann', 3, 11)).rejects.toThrow('somebody else');
  expect(await balance()).toBe('2');
  await db.query({ text: 'drop schema app cascade' });
});

it('is what the README shows', () => {
  const read = (path: string): string => readFileSync(new URL(path, import.meta.url), 'utf8');
  const [, tested] =
    /\/\/ #region transaction\n([^]*?)\/\/ #endregion transaction/.exec(read('lock.test.ts')) ?? [];
  expect(read('../../README.md')).toContain(`\`\`\`ts\n${tested}\`\`\``);
});
