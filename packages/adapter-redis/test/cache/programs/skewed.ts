import { connectRedis, redisConfigFromUrl } from '@parley/adapter-redis';
import { redisCacheStore } from '@parley/adapter-redis/cache';

const [url = '', prefix = ''] = process.argv.slice(2);
const connection = connectRedis({ ...redisConfigFromUrl(url), prefix });
const store = redisCacheStore(connection);
await store.write([{ key: 'skewed', bytes: Buffer.from('s'), version: 2, freshMs: 60_000, keepMs: 120_000 }]);
const [seen] = await store.read(['straight']);
const [lease] = await store.lease([{ key: 'leased', token: 't', ttlMs: 60_000 }]);
const [epoch] = await store.bump(['t:skewed'], { keepMs: 60_000 });
process.stdout.write(JSON.stringify({ now: Date.now(), freshForMs: seen?.freshForMs, lease, epoch }));
await connection.close();
