// Makes the tables of the bus at the moment it is told to, together with others, appends, takes and ends jobs, and prints the offsets.
import { once } from 'node:events';
import { connectPostgres } from '@parley/adapter-postgres';
import { postgresBroker } from '@parley/adapter-postgres/bus';

const [, , url = '', schema = '', name = '', rounds = '0'] = process.argv;
const db = connectPostgres({ url, schema, maxConnections: 2, queryTimeout: '20s' });
const broker = postgresBroker(db);
await db.query({ text: 'select 1' });
console.log('ready');
await once(process.stdin, 'data');
try {
  const offsets: number[] = [];
  const done: string[] = [];
  for (let i = 0; i < Number(rounds); i++) {
    const keep = { count: 10_000, forMs: 3_600_000 };
    const [appended] = await broker.streams.append([
      { channel: 't:shared', id: `${name}-${i}`, body: `${name} ${i}`, keep, wide: false },
    ]);
    offsets.push(appended?.position.offset ?? 0);
    await broker.jobs.add([{ queue: 'q:shared', id: `${name}-${i}`, body: '', delayMs: 0 }]);
    const token = `${name}-${i}`;
    const request = { queue: 'q:shared', limit: 1, leaseMs: 60_000, token, maxAttempts: 3 };
    for (const { id } of await broker.jobs.take(request)) {
      const [held] = await broker.jobs.settle([{ queue: 'q:shared', id, token, outcome: 'done' }]);
      if (held === true) done.push(id);
    }
  }
  console.log(JSON.stringify({ offsets, done }));
} catch (error) {
  console.log(JSON.stringify({ error }));
}
await broker.close();
await db.close();
process.stdin.destroy();
