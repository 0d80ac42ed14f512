// Opens an embedded database, registers a thousand users in a channel, prints its epoch and that of the channel, and lives until it is told
// to end, or killed.
import { createInterface } from 'node:readline';
import { embedded } from '@parley/adapter-postgres';
import { postgresPresenceStore } from '@parley/adapter-postgres/presence';
import { longMs, setting } from './presence.ts';

const [, , folder = ''] = process.argv;
const db = await embedded({ folder });
const store = postgresPresenceStore(db);
const epoch = await store.open('child', longMs);
const changes = Array.from({ length: 1_000 }, (_, i) => setting('c', `u${i}`, 't'));
const { appended } = await store.change({ lease: 'child', turn: 1, changes });
console.log(JSON.stringify({ epoch, channel: appended[0]?.epoch }));
await createInterface({ input: process.stdin })[Symbol.asyncIterator]().next();
await db.close();
process.stdin.destroy();
