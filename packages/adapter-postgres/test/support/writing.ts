// Opens an embedded database and writes one row after the other until it is killed, printing each when it is acknowledged.
import { embedded } from '@parley/adapter-postgres';
import { postgresCacheStore } from '@parley/adapter-postgres/cache';

const [, , folder = '', first = '0'] = process.argv;
const db = await embedded({ folder });
const store = postgresCacheStore(db, { logged: true });
for (let n = Number(first); ; n++) {
  await store.write([
    { key: `k${n}`, bytes: Buffer.from(`v${n}`), version: n + 1, freshMs: 3_600_000, keepMs: 3_600_000 },
  ]);
  console.log(n);
}
