// A process whose clock is wrong takes two units, and prints what it was told.
import { connectPostgres } from '@parley/adapter-postgres';
import { postgresLimitStore } from '@parley/adapter-postgres/ratelimit';
import { rule, takeOne } from './ratelimit.ts';

const [, , url = '', schema = ''] = process.argv;
const db = connectPostgres({ url, schema });
const brief = rule('gcra', 5, 30_000, { name: 'brief' });
const taken = await takeOne(postgresLimitStore(db), brief, 'ann', { cost: 2 });
console.log(JSON.stringify({ now: Date.now(), taken }));
