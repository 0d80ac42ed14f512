// Opens an embedded database, takes the only slot and the whole of a rate, blocks somebody, and lives until it is told to end, or killed.
import { createInterface } from 'node:readline';
import { embedded } from '@parley/adapter-postgres';
import { postgresLimitStore } from '@parley/adapter-postgres/ratelimit';
import { longMs, rule, takeOne } from './ratelimit.ts';

const [, , folder = ''] = process.argv;
const db = await embedded({ folder });
const store = postgresLimitStore(db);
await takeOne(store, rule('concurrency', 1, longMs), 'ann');
await takeOne(store, rule('gcra', 3, longMs), 'ann', { cost: 3 });
await store.block([{ rule: rule('gcra', 3, longMs, { name: 'blocked' }), identity: 'ann', forMs: longMs }]);
console.log('ready');
await createInterface({ input: process.stdin })[Symbol.asyncIterator]().next();
await store.close();
await db.close();
process.stdin.destroy();
