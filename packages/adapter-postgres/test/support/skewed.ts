// A process whose clock is wrong writes, leases and bumps, and prints what it sees.
import { connectPostgres } from '@parley/adapter-postgres';
import { postgresCacheStore } from '@parley/adapter-postgres/cache';

const [, , url = '', schema = ''] = process.argv;
const db = connectPostgres({ url, schema });
const store = postgresCacheStore(db);
const [found] = await store.read(['by the right one']);
await store.write([
  { key: 'by the wrong one', bytes: Buffer.from('x'), version: 1, freshMs: 60_000, keepMs: 60_000 },
  { key: 'brief', bytes: Buffer.from('x'), version: 1, freshMs: 100, keepMs: 100 },
]);
const [reply] = await store.lease([{ key: 'leased', token: 'skewed', ttlMs: 60_000 }]);
const [epoch] = await store.bump(['t:skewed'], { keepMs: 60_000 });
console.log(JSON.stringify({ now: Date.now(), freshForMs: found?.freshForMs, reply, epoch }));
