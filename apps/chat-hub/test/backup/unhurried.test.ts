import { connectPostgres } from '@parley/adapter-postgres';
import { sharedPostgres } from '@parley/services';
import { expect, test } from 'vitest';
import { unhurried } from '../../src/backup/unhurried.ts';

test(
  'what copies everything may take longer than a request, within its transaction alone',
  { timeout: 60_000 },
  async () => {
    await using server = await sharedPostgres();
    await using db = connectPostgres({ url: server.url, queryTimeout: '2s' });
    const slow = { text: 'select pg_sleep(2.2)', operation: 'sleeping' };
    await db.transaction(async (session) => {
      const calm = await unhurried(session);
      expect((await calm.query(slow)).count).toBe(1);
    });
    await expect(db.query(slow)).rejects.toMatchObject({ code: 'STORE_UNAVAILABLE' });
  },
);
