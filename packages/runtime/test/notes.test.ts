import { expect, it } from 'vitest';
import { configOf } from './support/config.ts';

const noteOf = (env: Record<string, string>, variable: string): string | undefined =>
  configOf(env).notes.find((note) => note.variable === variable)?.note;

it.each([
  ['REDIS_POOL_MIN', '2', /^has no effect: there is no pool/],
  ['REDIS_POOL_MAX', '10', /^has no effect: there is no pool/],
  ['REDIS_ACQUIRE_TIMEOUT', '30000', /^has no effect: nobody waits/],
  ['REDIS_CREATE_TIMEOUT', '30000', /^is how long connecting may take/],
  ['REDIS_DESTROY_TIMEOUT', '5000', /^is how long close/],
  ['REDIS_IDLE_TIMEOUT', '30000', /^has no effect: connections stay open/],
  ['REDIS_REAP_INTERVAL', '1000', /^has no effect/],
  ['REDIS_CREATE_RETRY_INTERVAL', '200', /^is the longest pause/],
  ['REDIS_MAX_MEMORY', '256mb', /^is compared with/],
  ['REDIS_EVICTION_POLICY', 'allkeys-lru', /^is compared with/],
])('%s: what became of it', (name, value, note) => {
  expect(noteOf({ REDIS_HOST: 'h', [name]: value }, name)).toMatch(note);
});

it('what belongs to a Redis that is nowhere has no effect, and says so', () => {
  const env = {
    REDIS_PASSWORD: 'p',
    REDIS_DB: '1',
    REDIS_POOL_MAX: '10',
    CHAT_REDIS_PORT: '6379',
    REDIS_TTL_SHORT: '5',
  };
  expect(configOf(env).notes).toEqual(
    ['REDIS_PASSWORD', 'REDIS_DB', 'REDIS_POOL_MAX', 'CHAT_REDIS_PORT'].map((variable) => ({
      variable,
      note: 'has no effect: nothing says where Redis is',
    })),
  );
});

it('prefix and timeouts are of use to the second Redis alone, too', () => {
  const both = { REDIS_KEY_PREFIX: 'p:', REDIS_DB: '1' };
  expect(noteOf({ ...both, CHAT_REDIS_HOST: 'h' }, 'REDIS_KEY_PREFIX')).toBeUndefined();
  expect(noteOf({ ...both, CHAT_REDIS_HOST: 'h' }, 'REDIS_DB')).toMatch(/^has no effect/);
  expect(noteOf(both, 'REDIS_KEY_PREFIX')).toMatch(/^has no effect/);
});

it('the folder of the embedded Postgres is of no use beside a server, and in tests', () => {
  expect(noteOf({ DATA_DIR: '/d' }, 'DATA_DIR')).toBeUndefined();
  expect(noteOf({ DATA_DIR: '/d', DATABASE_URL: 'postgres://h/d' }, 'DATA_DIR')).toMatch(/DATABASE_URL/);
  expect(noteOf({ DATA_DIR: '/d', NODE_ENV: 'test' }, 'DATA_DIR')).toMatch(/tests keep nothing/);
});

it('a policy that evicts is told to endanger what is no cache, and one that does not is not', () => {
  const note = (policy: string): string | undefined =>
    noteOf({ REDIS_HOST: 'h', REDIS_EVICTION_POLICY: policy }, 'REDIS_EVICTION_POLICY');
  for (const policy of ['allkeys-lru', 'volatile-lfu'])
    expect(note(policy)).toMatch(/; a server that evicts may lose limits, locks, sessions/);
  expect(note('noeviction')).not.toMatch(/evicts/);
});

it('memory in production says that limits, locks and sessions are those of one process', () => {
  const told = /^keeps limits, locks and sessions in the memory of this process alone/;
  expect(noteOf({ CACHE_ADAPTER: 'memory', NODE_ENV: 'production' }, 'CACHE_ADAPTER')).toMatch(told);
  expect(noteOf({ CACHE_ADAPTER: 'memory' }, 'CACHE_ADAPTER')).toBeUndefined();
  expect(
    noteOf({ CACHE_ADAPTER: 'redis', REDIS_HOST: 'h', NODE_ENV: 'production' }, 'CACHE_ADAPTER'),
  ).toBeUndefined();
});
