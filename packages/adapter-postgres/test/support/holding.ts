// Waits for a lock as long as it takes, and holds it until it is lost; then it writes all the same, with the fence that it was given.
import { connectPostgres } from '@parley/adapter-postgres';
import { postgresLockStore } from '@parley/adapter-postgres/lock';
import { createLocks } from '@parley/cache-core/lock';

const [, , url = ''] = process.argv;
const db = connectPostgres({ url });
const store = postgresLockStore(db);
const locks = createLocks({ store, lease: '4s' });
const lock = await locks.acquire('stopped', { wait: '1h' });
lock.signal.addEventListener('abort', () => {
  console.log('lost');
  void write();
});
console.log(`held ${lock.fence}`);
setInterval(() => undefined, 1_000);

async function write(): Promise<void> {
  const current = await db
    .transaction((session) => store.checkFence(session, lock.key, lock.fence))
    .catch(() => undefined);
  // Its connections may have died while it stood still.
  if (current === undefined) setTimeout(() => void write(), 100);
  else console.log(current ? 'written' : 'refused');
}
