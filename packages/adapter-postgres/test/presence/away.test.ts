import { setTimeout as sleep } from 'node:timers/promises';
import { connectPostgres, migrate, type Database } from '@parley/adapter-postgres';
import { postgresPresenceStore } from '@parley/adapter-postgres/presence';
import { presenceStoreLaws } from '@parley/presence/conformance';
import { startPostgres, startProxy, type FaultProxy, type PostgresServer } from '@parley/services';
import { afterAll, beforeAll, expect, test, vi } from 'vitest';
import { failure } from '../support/failure.ts';
import { emptyPresence, longMs } from '../support/presence.ts';

// Servers take their time on a machine that is busy.
vi.setConfig({ testTimeout: 120_000, hookTimeout: 120_000 });

let server: PostgresServer;
let proxy: FaultProxy;
let open: Database[];

beforeAll(async () => {
  server = await startPostgres();
  proxy = await startProxy({ target: server });
  open = [proxy, proxy].map(({ url }) =>
    connectPostgres({ url, connectTimeout: '10s', queryTimeout: '10s' }),
  );
  for (const db of open.slice(0, 1)) await migrate(db);
});
afterAll(async () => {
  await Promise.all(open.map((db) => db.close()));
  await proxy.close();
  await server.stop();
});

/** Rows of what came and may go. */
async function kept(): Promise<number> {
  const counts = ['leases', 'channels', 'entries', 'diffs'].map(
    (table) => `(select count(*) from parley.presence_${table})`,
  );
  const [row] = await server.query<{ n: string }>(`select ${counts.join(' + ')} as n`);
  return Number(row?.n);
}

const laws = presenceStoreLaws.filter(({ needs }) => needs === 'cut' || needs === 'kept');

test.each(laws.map((law) => [law.name, law] as const))('%s', async (_, law) => {
  const [store, other] = open.map((db) => postgresPresenceStore(db));
  if (store === undefined || other === undefined) throw new Error('two are open');
  for (const db of open.slice(0, 1)) await emptyPresence(db);
  await law.verify({
    store,
    other,
    advance: (ms) => sleep(ms),
    toleranceMs: 250,
    cut: async () => {
      proxy.refuse();
      proxy.cut();
      return () => proxy.heal();
    },
    kept,
  });
});

test('what the server refuses for good is a fault', async () => {
  await server.query("create role poor login password 'secret'");
  await server.query('grant usage on schema parley to poor');
  await server.query('grant all on all tables in schema parley to poor');
  await server.query('revoke all on parley.presence_leases from poor');
  const poor = Object.assign(new URL(server.url), { username: 'poor', password: 'secret' }).href;
  const db = connectPostgres({ url: poor, connectTimeout: '10s', queryTimeout: '10s' });
  open.push(db);
  const error = await failure(postgresPresenceStore(db).beat('lease', longMs));
  expect(error).toMatchObject({ code: 'STORE_FAULT', retryable: false });
});
