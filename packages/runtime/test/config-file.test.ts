import { describe, expect, it } from 'vitest';
import { configOf, problemsOf } from './support/config.ts';

const documented = `
storage:
  type: 'redis'
  connection:
    host: 'localhost'
    port: 6379
    database: 0
  retention:
    events: 30
    metrics: 90
    errors: 7
cache-layer:
  type: 'redis'
  connection:
    cluster:
      - host: 'cache1.example.com'
        port: 6379
      - host: 'cache2.example.com'
        port: 6379
  settings:
    keyPrefix: 'app:'
    ttl: 3600
`;
const env = { PARLEY_CONFIG: 'parley.yaml' };

it('the documented shapes are understood', () => {
  const config = configOf(env, { 'parley.yaml': documented });
  expect(config.cache).toMatchObject({ adapter: 'redis', defaultTtl: 3600 });
  expect(config.redis).toMatchObject({
    mode: 'cluster',
    addresses: [
      { host: 'cache1.example.com', port: 6379 },
      { host: 'cache2.example.com', port: 6379 },
    ],
    keyPrefix: 'app:',
  });
  expect(config.storage).toMatchObject({
    redis: { mode: 'standalone', addresses: [{ host: 'localhost', port: 6379 }], db: 0 },
    retentionDays: { events: 30, metrics: 90, errors: 7 },
  });
  expect(config.notes).toEqual([
    { variable: 'PARLEY_CONFIG', note: expect.stringMatching(/^storage is checked and kept/) },
  ]);
});

it('one server may be named too, and its user and password come from the environment', () => {
  const file = 'cache-layer: { connection: { host: h, port: 7000, database: 2 } }';
  const { redis } = configOf(
    { ...env, REDIS_USERNAME: 'u', REDIS_PASSWORD: 'p', REDIS_TLS: '1' },
    { 'parley.yaml': file },
  );
  expect(redis).toMatchObject({
    mode: 'standalone',
    addresses: [{ host: 'h', port: 7000 }],
    db: 2,
    username: 'u',
    tls: true,
  });
  expect(redis?.password?.reveal()).toBe('p');
});

it('what the environment says counts more, and notes say what gave way', () => {
  const config = configOf(
    {
      ...env,
      CACHE_ADAPTER: 'auto',
      REDIS_URL: 'redis://h',
      REDIS_KEY_PREFIX: 'mine:',
      CACHE_DEFAULT_TTL: '5',
    },
    { 'parley.yaml': documented },
  );
  expect(config).toMatchObject({
    cache: { adapter: 'auto', defaultTtl: 5 },
    redis: { mode: 'standalone', addresses: [{ host: 'h', port: 6379 }], keyPrefix: 'mine:' },
  });
  expect(config.notes.map(({ note }) => note)).toEqual([
    expect.stringMatching(/^storage/),
    'cache-layer.type gives way to CACHE_ADAPTER',
    'cache-layer.connection gives way to the environment',
    'cache-layer.settings.keyPrefix gives way to REDIS_KEY_PREFIX',
    'cache-layer.settings.ttl gives way to CACHE_DEFAULT_TTL',
  ]);
});

it('an empty file says nothing', () => {
  expect(configOf(env, { 'parley.yaml': '# nothing yet\n' })).toEqual(configOf({}));
});

describe('what cannot be used is told with its place', () => {
  it.each([
    ['a: 1', /the file must not contain a: known are storage, cache-layer/],
    ['- a', /the file must be a section with storage, cache-layer/],
    [
      'storage: { type: mongo, connection: { host: h } }',
      /storage.type \("mongo"\) must be redis; a Postgres is set by/,
    ],
    ['storage: { type: redis }', /storage.connection must be a section with host, port, database/],
    [
      'storage: { type: redis, connection: { host: h }, retention: { a: 0 } }',
      /storage.retention.a \(0\) must be a whole number from 1/,
    ],
    [
      'storage: { type: redis, connection: { host: h }, retention: { a: 1.5 } }',
      /storage.retention.a \(1.5\) must be a whole/,
    ],
    [
      'cache-layer: { type: memcached }',
      /cache-layer.type \("memcached"\) must be one of auto, redis, database, memory/,
    ],
    [
      'cache-layer: { connection: { cluster: [] } }',
      /cache-layer.connection.cluster must be a list of at least one address/,
    ],
    [
      'cache-layer: { connection: { cluster: [{ host: a, port: 0 }] } }',
      /cache-layer.connection.cluster\[0\].port \(0\) must be/,
    ],
    [
      'cache-layer: { connection: { cluster: [{ host: a }], host: b } }',
      /must say either cluster, or host with port and database/,
    ],
    ['cache-layer: { connection: { port: 1 } }', /must say either cluster, or host/],
    [
      'cache-layer: { settings: { ttl: -1 } }',
      /cache-layer.settings.ttl \(-1\) must be a number of seconds above 0/,
    ],
    [
      'cache-layer: { settings: { keyPrefix: "a{" } }',
      /cache-layer.settings.keyPrefix \("a\{"\) must be up to 128/,
    ],
    [
      'cache-layer: { settings: { keyprefix: a } }',
      /settings must not contain keyprefix: known are keyPrefix, ttl/,
    ],
    ['cache-layer: { type: redis }', /cache-layer.type \(redis\) needs the address of a Redis/],
    ['a: [1', /is not YAML: line 1: /],
    ['a: 1\nstorage: "x\n', /is not YAML: line 3: /],
    ['a: &a [*a, *a]\n', /./],
  ])('%s', (file, message) => {
    const [problem, ...others] = problemsOf(env, { 'parley.yaml': file });
    expect(problem).toMatch(message);
    expect(problem).toMatch(/^PARLEY_CONFIG \("parley.yaml"\) /);
    expect(others).toEqual([]);
  });

  it('a file that is not there', () => {
    expect(problemsOf(env)).toEqual([
      'PARLEY_CONFIG ("parley.yaml") must be the path of a file that can be read (ENOENT)',
    ]);
  });

  it('a password: it belongs into the environment, and is not repeated', () => {
    const file = 'cache-layer: { type: redis, connection: { host: h, password: hunter2 } }';
    const [problem] = problemsOf(env, { 'parley.yaml': file });
    expect(problem).toMatch(/must not contain password.*REDIS_PASSWORD/);
    expect(problem).not.toContain('hunter2');
  });
});
