// Holds a lock, or waits for one, until it is ended; says what becomes of it.
import { connectRedis, redisConfigFromUrl } from '@parley/adapter-redis';
import { redisLockStore } from '@parley/adapter-redis/lock';
import { createLocks } from '@parley/cache-core/lock';

const [url = '', prefix = '', role = '', lease = ''] = process.argv.slice(2);
const say = (word: string): void => void process.stdout.write(`${word}\n`);
const connection = connectRedis({ ...redisConfigFromUrl(url), prefix });
const locks = createLocks({ store: redisLockStore(connection), lease: `${Number(lease)}ms` });
const acquiring = locks.acquire('job', { wait: '1h' });
if (role === 'wait') setInterval(() => locks.stats().polls > 0 && say('waiting'), 50);
const lock = await acquiring;
say(`held ${lock.fence}`);
lock.signal.addEventListener('abort', () => say(`lost ${lock.held}`));
setInterval(() => undefined, 1_000);
