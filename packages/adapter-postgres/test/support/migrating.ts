// Migrates at the moment it is told to, and prints what it applied: ours, or those of an application in a folder.
import { once } from 'node:events';
import { connectPostgres, migrate } from '@parley/adapter-postgres';

const [, , url = '', schema = '', folder] = process.argv;
const db = connectPostgres({ url, ...(folder === undefined && { schema }), maxConnections: 1 });
await db.query({ text: 'select 1' });
console.log('ready');
await once(process.stdin, 'data');
try {
  const own = folder === undefined ? {} : { schema, folder: new URL(folder), writtenFor: 'notes' };
  console.log(JSON.stringify(await migrate(db, own)));
} catch (error) {
  console.log(JSON.stringify({ error }));
}
await db.close();
process.stdin.destroy();
