// Migrates at the moment it is told to, and prints what it applied.
import { once } from 'node:events';
import { connectPostgres, migrate } from '@parley/adapter-postgres';

const [, , url = '', schema = ''] = process.argv;
const db = connectPostgres({ url, schema, maxConnections: 1 });
await db.query({ text: 'select 1' });
console.log('ready');
await once(process.stdin, 'data');
try {
  console.log(JSON.stringify(await migrate(db)));
} catch (error) {
  console.log(JSON.stringify({ error }));
}
await db.close();
process.stdin.destroy();
