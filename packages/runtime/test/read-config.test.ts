import { describe, expect, it } from 'vitest';
import { configOf, problemsOf, told } from './support/config.ts';

describe('an environment that says nothing', () => {
  const nothing = configOf({});

  it('is development with the documented lifetimes and no server', () => {
    expect(nothing).toEqual({
      mode: 'development',
      cache: {
        adapter: 'auto',
        defaultTtl: undefined,
        ttlClasses: { short: 300, medium: 3600, long: 86_400 },
      },
      redis: undefined,
      chatRedis: undefined,
      databaseUrl: undefined,
      dataDir: undefined,
      storage: undefined,
      notes: [],
    });
  });

  it('is the same where every variable is there and empty', () => {
    const env = {
      NODE_ENV: '',
      CACHE_ADAPTER: '',
      CACHE_DEFAULT_TTL: ' ',
      DATABASE_URL: '',
      DATA_DIR: '',
      PARLEY_CONFIG: '',
      REDIS_URL: '',
      REDIS_HOST: '',
      REDIS_PORT: '',
      REDIS_PASSWORD: '',
      REDIS_DB: '',
      REDIS_TLS: '',
      REDIS_SENTINELS: '',
      REDIS_CLUSTER_NODES: '',
      REDIS_POOL_MIN: '',
      REDIS_MAX_MEMORY: '',
      CHAT_REDIS_HOST: '',
      CHAT_REDIS_TLS: '',
      REDIS_PASWORD: '',
      CACHE_ADAPTOR: undefined,
    };
    expect(configOf(env)).toEqual(nothing);
  });
});

it('the documented environment is understood whole', () => {
  const config = configOf({
    REDIS_URL: 'redis://localhost:6379',
    REDIS_PASSWORD: '',
    REDIS_DB: '0',
    REDIS_MAX_MEMORY: '256mb',
    REDIS_KEY_PREFIX: 'elizaos:',
    REDIS_EVICTION_POLICY: 'allkeys-lru',
    REDIS_TTL_SHORT: '300',
    REDIS_TTL_MEDIUM: '3600',
    REDIS_TTL_LONG: '86400',
    REDIS_POOL_MIN: '2',
    REDIS_POOL_MAX: '10',
    REDIS_ACQUIRE_TIMEOUT: '30000',
    REDIS_CREATE_TIMEOUT: '30000',
    REDIS_DESTROY_TIMEOUT: '5000',
    REDIS_IDLE_TIMEOUT: '30000',
    REDIS_REAP_INTERVAL: '1000',
    REDIS_CREATE_RETRY_INTERVAL: '200',
    CHAT_REDIS_HOST: 'localhost',
    CHAT_REDIS_PORT: '6379',
    CHAT_REDIS_PASSWORD: '',
    CHAT_REDIS_DB: '0',
    CHAT_REDIS_TLS: 'false',
    CACHE_ADAPTER: 'auto',
    CACHE_DEFAULT_TTL: '300',
    REDIS_HOST: 'localhost',
    REDIS_PORT: '6379',
  });
  expect(config.redis).toEqual({
    mode: 'standalone',
    addresses: [{ host: 'localhost', port: 6379 }],
    masterName: undefined,
    db: 0,
    username: undefined,
    password: undefined,
    sentinelPassword: undefined,
    tls: false,
    keyPrefix: 'elizaos:',
    connectTimeoutMs: 30_000,
    reconnectIntervalMs: 200,
    closeTimeoutMs: 5_000,
    expected: { maxMemoryBytes: 268_435_456, evictionPolicy: 'allkeys-lru' },
  });
  expect(config.chatRedis).toMatchObject({
    mode: 'standalone',
    addresses: [{ host: 'localhost', port: 6379 }],
    tls: false,
  });
  expect(config.cache.defaultTtl).toBe(300);
});

describe('values', () => {
  it.each([
    ['CACHE_DEFAULT_TTL', '0.25', 0.25],
    ['CACHE_DEFAULT_TTL', '5m', 300],
    ['CACHE_DEFAULT_TTL', '250ms', 0.25],
  ])('%s=%s is %s seconds', (name, text, seconds) => {
    expect(configOf({ [name]: text }).cache.defaultTtl).toBe(seconds);
  });

  it.each([
    ['1024', 1024],
    ['1k', 1000],
    ['1kb', 1024],
    ['100MB', 104_857_600],
    ['2g', 2_000_000_000],
    ['1Gb', 1_073_741_824],
  ])('REDIS_MAX_MEMORY=%s is %d bytes, as in redis.conf', (text, bytes) => {
    expect(configOf({ REDIS_HOST: 'h', REDIS_MAX_MEMORY: text }).redis?.expected.maxMemoryBytes).toBe(bytes);
  });

  it.each([
    ['true', true],
    ['YES', true],
    ['1', true],
    ['on', true],
    ['false', false],
    ['0', false],
    ['off', false],
  ])('REDIS_TLS=%s is %s', (text, tls) => {
    expect(configOf({ REDIS_HOST: 'h', REDIS_TLS: text }).redis?.tls).toBe(tls);
  });

  it('addresses may be names, IPv4 and IPv6, with the usual port where they name none', () => {
    const config = configOf({
      REDIS_SENTINELS: 'a.example:1, 10.0.0.1,[::1]:3',
      REDIS_SENTINEL_NAME: 'main',
    });
    expect(config.redis?.addresses).toEqual([
      { host: 'a.example', port: 1 },
      { host: '10.0.0.1', port: 26_379 },
      { host: '::1', port: 3 },
    ]);
    expect(configOf({ REDIS_CLUSTER_NODES: 'a,b' }).redis?.addresses).toEqual([
      { host: 'a', port: 6379 },
      { host: 'b', port: 6379 },
    ]);
    expect(configOf({ REDIS_HOST: '[::1]' }).redis?.addresses).toEqual([{ host: '::1', port: 6379 }]);
  });

  it('blanks around a value are nothing, within a password they are part of it', () => {
    const config = configOf({ REDIS_HOST: ' h ', REDIS_PASSWORD: ' s p ' });
    expect(config.redis?.addresses).toEqual([{ host: 'h', port: 6379 }]);
    expect(config.redis?.password?.reveal()).toBe(' s p ');
  });

  it.each([
    ['CACHE_ADAPTER', 'Redis', 'CACHE_ADAPTER ("Redis") must be one of auto, redis, database, memory'],
    [
      'CACHE_DEFAULT_TTL',
      '0',
      'CACHE_DEFAULT_TTL ("0") must be a number of seconds above 0, or a text such as 90s, 5m, 1.5h',
    ],
    ['CACHE_DEFAULT_TTL', '-1', /must be a number of seconds above 0/],
    ['CACHE_DEFAULT_TTL', '1e3', /must be a number of seconds above 0/],
    ['REDIS_PORT', '65536', 'REDIS_PORT ("65536") must be a whole number from 1 to 65535'],
    ['REDIS_PORT', '6379x', /must be a whole number/],
    ['REDIS_PORT', '"6379"', /must be a whole number from 1 to 65535; the quotes are part of the value$/],
    ['REDIS_HOST', 'redis://h', /^REDIS_HOST \("redis:\/\/h"\) must be a name or an address$/],
    ['REDIS_HOST', 'a b', /must be a name or an address/],
    ['REDIS_TLS', 'maybe', 'REDIS_TLS ("maybe") must be true or false'],
    ['REDIS_DB', '-1', /must be a whole number from 0/],
    ['REDIS_PASSWORD', 'two\nlines', 'REDIS_PASSWORD (***) must be a text without line breaks'],
    ['REDIS_KEY_PREFIX', 'a{b}', /must be up to 128 characters without braces/],
    ['REDIS_MAX_MEMORY', '1 GB', /must be a size as in redis.conf/],
    ['REDIS_EVICTION_POLICY', 'lru', /must be one of noeviction, allkeys-lru/],
    ['REDIS_CREATE_TIMEOUT', '30s', /must be a whole number of milliseconds/],
    ['REDIS_CLUSTER_NODES', 'a:1,,b', /must be host:port,host:port/],
    ['REDIS_URL', 'localhost:6379', /^REDIS_URL \("localhost:6379"\) must be of the form redis:\/\//],
    ['REDIS_URL', 'redis://a,b', /must be one address/],
    ['REDIS_URL', 'http://h', /^REDIS_URL \("http:\/\/..."\) must be of the form/],
    ['DATABASE_URL', 'mysql://u:p@h/d', /^DATABASE_URL \("mysql:\/\/..."\) must be a text such as postgres:/],
    ['DATABASE_URL', 'postgres://h/d?sslmode=maybe', /parameter sslmode must be disable, require/],
    ['CHAT_REDIS_URL', 'x', /^CHAT_REDIS_URL/],
  ])('%s=%s is refused with what is allowed', (name, text, message) => {
    expect(problemsOf({ [name]: text })).toEqual([told(message)]);
  });
});

describe('NODE_ENV', () => {
  it.each(['production', 'development', 'test'])('%s is known', (mode) => {
    expect(configOf({ NODE_ENV: mode })).toMatchObject({ mode, notes: [] });
  });

  it.each(['staging', 'ci', 'qa'])('%s counts as development, and a note says so', (mode) => {
    expect(configOf({ NODE_ENV: mode })).toMatchObject({
      mode,
      notes: [{ variable: 'NODE_ENV', note: 'counts as development' }],
    });
  });

  it.each(['prod', 'Production', 'PRODUCTION', 'prodution', 'production-eu', 'dev', 'Test', 'testing'])(
    '%s is refused: it was meant to be another',
    (mode) => {
      expect(problemsOf({ NODE_ENV: mode })).toEqual([
        expect.stringMatching(/^NODE_ENV \(".+"\) must be production/),
      ]);
    },
  );
});

describe('an adapter that is asked for by name needs its address', () => {
  const needs =
    'needs a database: set DATABASE_URL, or DATA_DIR for the embedded one (auto runs it in memory without either)';

  it('the database', () => {
    expect(problemsOf({ CACHE_ADAPTER: 'database' })).toEqual([`CACHE_ADAPTER ("database") ${needs}`]);
    expect(problemsOf({ CACHE_ADAPTER: 'database', REDIS_URL: 'redis://h' })).toHaveLength(1);
    expect(problemsOf({ CACHE_ADAPTER: 'database', DATABASE_URL: 'postgres://h/d' })).toEqual([]);
    expect(problemsOf({ CACHE_ADAPTER: 'database', DATA_DIR: '/data' })).toEqual([]);
    const files = { f: 'cache-layer: { type: database }' };
    expect(problemsOf({ PARLEY_CONFIG: 'f' }, files)).toEqual([
      `PARLEY_CONFIG ("f") cache-layer.type (database) ${needs}`,
    ]);
  });

  it('and of an address that cannot be used is told instead of a missing one', () => {
    const problems = problemsOf({ CACHE_ADAPTER: 'database', DATABASE_URL: 'mysql://h/d' });
    expect(problems).toEqual([expect.stringMatching(/^DATABASE_URL /)]);
  });
});

it('everything that is wrong is told at once, also what contradicts what could be understood', () => {
  const problems = problemsOf(
    {
      CACHE_ADAPTER: 'memcached',
      REDIS_PORT: 'x',
      REDIS_HOST: 'a',
      REDIS_CLUSTER_NODES: 'b',
      REDIS_PASWORD: 'p',
      REDIS_POOL_MIN: '5',
      REDIS_POOL_MAX: '2',
      PARLEY_CONFIG: 'f',
    },
    { f: 'storage: { type: mongo }' },
  );
  expect(problems.map((message) => message.split(' ')[0])).toEqual([
    'CACHE_ADAPTER',
    'REDIS_PORT',
    'REDIS_PASWORD',
    'PARLEY_CONFIG',
    'PARLEY_CONFIG',
    'REDIS_CLUSTER_NODES',
    'REDIS_POOL_MIN',
  ]);
});
