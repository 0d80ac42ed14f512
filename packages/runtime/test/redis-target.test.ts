import { describe, expect, it } from 'vitest';
import { configOf, problemsOf } from './support/config.ts';

describe('a URL', () => {
  it('says all of it, and the variables add what it leaves out', () => {
    const url = configOf({ REDIS_URL: 'rediss://me:p%40ss@h:7000/2' }).redis;
    expect(url).toMatchObject({ addresses: [{ host: 'h', port: 7000 }], db: 2, username: 'me', tls: true });
    expect(url?.password?.reveal()).toBe('p@ss');
    const more = { REDIS_USERNAME: 'me', REDIS_PASSWORD: 'p', REDIS_DB: '2' };
    const added = configOf({ REDIS_URL: 'redis://h', ...more }).redis;
    expect(added).toMatchObject({
      addresses: [{ host: 'h', port: 6379 }],
      db: 2,
      username: 'me',
      tls: false,
    });
    expect(added?.password?.reveal()).toBe('p');
  });

  it('may be said again in parts', () => {
    const parts = {
      REDIS_HOST: 'H',
      REDIS_PORT: '6379',
      REDIS_USERNAME: 'u',
      REDIS_PASSWORD: 'p',
      REDIS_DB: '1',
    };
    expect(problemsOf({ REDIS_URL: 'redis://u:p@h/1', ...parts, REDIS_TLS: 'false' })).toEqual([]);
  });

  it.each([
    ['REDIS_HOST', 'other', '("other") '],
    ['REDIS_PORT', '6380', '("6380") '],
    ['REDIS_USERNAME', 'other', '("other") '],
    ['REDIS_PASSWORD', 'other', '(***) '],
    ['REDIS_DB', '2', '("2") '],
    ['REDIS_TLS', 'true', '("true") '],
  ])('is contradicted by %s=%s', (name, value, shown) => {
    expect(problemsOf({ REDIS_URL: 'redis://u:p@h:6379/1', [name]: value })).toEqual([
      `${name} ${shown}contradicts REDIS_URL: leave one of the two out`,
    ]);
  });

  it('can be one of Sentinels or of a cluster', () => {
    expect(
      configOf({ REDIS_URL: 'redis+sentinel://:p@a,b:1/main/3', REDIS_SENTINEL_PASSWORD: 's' }).redis,
    ).toMatchObject({
      mode: 'sentinel',
      addresses: [
        { host: 'a', port: 26_379 },
        { host: 'b', port: 1 },
      ],
      masterName: 'main',
      db: 3,
    });
    expect(configOf({ REDIS_URL: 'rediss+cluster://a,b:1' }).redis).toMatchObject({
      mode: 'cluster',
      addresses: [
        { host: 'a', port: 6379 },
        { host: 'b', port: 1 },
      ],
      tls: true,
    });
    expect(problemsOf({ REDIS_URL: 'redis+cluster://a', REDIS_PORT: '6379' })).toHaveLength(1);
  });
});

describe('where Redis is, is said once', () => {
  const ways = {
    REDIS_URL: 'redis://a',
    REDIS_HOST: 'a',
    REDIS_SENTINELS: 'a',
    REDIS_CLUSTER_NODES: 'a',
  };

  it.each([
    ['REDIS_URL', 'REDIS_SENTINELS'],
    ['REDIS_URL', 'REDIS_CLUSTER_NODES'],
    ['REDIS_HOST', 'REDIS_SENTINELS'],
    ['REDIS_HOST', 'REDIS_CLUSTER_NODES'],
    ['REDIS_SENTINELS', 'REDIS_CLUSTER_NODES'],
  ] as const)('%s and %s contradict each other', (first, second) => {
    const name = [first, second].includes('REDIS_SENTINELS') ? { REDIS_SENTINEL_NAME: 'main' } : {};
    expect(problemsOf({ [first]: ways[first], [second]: ways[second], ...name })).toContain(
      `${second} ("${ways[second]}") contradicts ${first}: each says where Redis is, leave one of them out`,
    );
  });

  it('Sentinels need the name of the master, and their variables need Sentinels', () => {
    expect(problemsOf({ REDIS_SENTINELS: 'a' })).toEqual([
      'REDIS_SENTINELS ("a") needs REDIS_SENTINEL_NAME, under which they know the master',
    ]);
    expect(
      problemsOf({ REDIS_HOST: 'a', REDIS_SENTINEL_NAME: 'main', REDIS_SENTINEL_PASSWORD: 'p' }),
    ).toEqual([
      'REDIS_SENTINEL_NAME ("main") means nothing without REDIS_SENTINELS',
      'REDIS_SENTINEL_PASSWORD (***) means nothing without REDIS_SENTINELS',
    ]);
  });

  it('Sentinels that cannot be understood are told of alone', () => {
    expect(
      problemsOf({ REDIS_SENTINELS: ':::', REDIS_SENTINEL_NAME: 'main', REDIS_SENTINEL_PASSWORD: 'p' }),
    ).toHaveLength(1);
  });

  it('a cluster has one database', () => {
    expect(configOf({ REDIS_CLUSTER_NODES: 'a', REDIS_DB: '0' }).redis?.mode).toBe('cluster');
    expect(problemsOf({ REDIS_CLUSTER_NODES: 'a', REDIS_DB: '3' })).toEqual([
      'REDIS_DB ("3") must be 0 or left out: a cluster has one database',
    ]);
  });

  it('and where nobody says it, asking for Redis is an error that names what to set', () => {
    const [problem, ...others] = problemsOf({
      CACHE_ADAPTER: 'redis',
      REDIS_PASSWORD: 'p',
      REDIS_PORT: '6379',
    });
    expect(problem).toBe(
      'CACHE_ADAPTER ("redis") needs the address of a Redis: set one of REDIS_URL, REDIS_HOST, REDIS_SENTINELS, REDIS_CLUSTER_NODES',
    );
    expect(others).toEqual([]);
    expect(problemsOf({ CACHE_ADAPTER: 'redis', REDIS_URL: 'redis://a/b' })).toHaveLength(1);
  });
});

describe('the Redis of the chat hub', () => {
  it('is a second one, with the same rules', () => {
    const { redis, chatRedis } = configOf({
      CHAT_REDIS_HOST: 'chat',
      CHAT_REDIS_PORT: '6380',
      CHAT_REDIS_PASSWORD: 'p',
      CHAT_REDIS_DB: '1',
      CHAT_REDIS_TLS: 'true',
      REDIS_HOST: 'main',
    });
    expect(redis?.addresses).toEqual([{ host: 'main', port: 6379 }]);
    expect(chatRedis).toMatchObject({ addresses: [{ host: 'chat', port: 6380 }], db: 1, tls: true });
    expect(chatRedis?.password?.reveal()).toBe('p');
    expect(problemsOf({ CHAT_REDIS_URL: 'redis://a', CHAT_REDIS_HOST: 'b' })).toEqual([
      'CHAT_REDIS_HOST ("b") contradicts CHAT_REDIS_URL: leave one of the two out',
    ]);
  });
});
