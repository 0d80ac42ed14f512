/**
 * A process that owns servers and then ends in the way that its first argument names. It prints what must be gone afterwards, as one line of
 * JSON.
 */
import { startPartition } from '../../src/faults/partition.ts';
import { keeper } from '../../src/keeper.ts';
import { freePort } from '../../src/ports.ts';
import { startRedis } from '../../src/redis.ts';
import { startRedisCluster } from '../../src/redis-cluster.ts';

const [end, ...kinds] = process.argv.slice(2);

const servers = kinds.includes('redis') ? [await startRedis()] : [];
if (kinds.includes('cluster')) servers.push(...(await startRedisCluster()).nodes.map(({ server }) => server));
if (kinds.includes('partition')) await startPartition({ host: '127.0.0.1', port: await freePort() });
const own = await keeper();
const pids = servers.map(({ pid }) => pid);
console.log(JSON.stringify({ keeper: own.pid, folder: await own.folder, pids }));

if (end === 'throw') throw new Error('the owner fails on purpose');
if (end === 'wait') setInterval(() => undefined, 60_000);
