import { describe, expect, it } from 'vitest';
import { configOf, problemsOf } from './support/config.ts';

describe('a name that is nearly one of ours is an error that says which', () => {
  it.each([
    ['REDIS_PASWORD', 'REDIS_PASSWORD'],
    ['REDIS_PASSWROD', 'REDIS_PASSWORD'],
    ['REDIS_PASS', 'REDIS_PASSWORD'],
    ['REDIS_USER', 'REDIS_USERNAME'],
    ['REDIS_URI', 'REDIS_URL'],
    ['REDDIS_URL', 'REDIS_URL'],
    ['REIDS_HOST', 'REDIS_HOST'],
    ['REDIS_SSL', 'REDIS_TLS'],
    ['REDIS_KEYPREFIX', 'REDIS_KEY_PREFIX'],
    ['REDIS_SENTINEL', 'REDIS_SENTINELS'],
    ['REDIS_CLUSTER_NODE', 'REDIS_CLUSTER_NODES'],
    ['REDIS_MAXMEMORY', 'REDIS_MAX_MEMORY'],
    ['REDIS_TTL_MEDUIM', 'REDIS_TTL_MEDIUM'],
    ['CACHE_ADAPTOR', 'CACHE_ADAPTER'],
    ['CACHE_TTL', 'CACHE_DEFAULT_TTL'],
    ['CAHCE_ADAPTER', 'CACHE_ADAPTER'],
    ['DATABSE_URL', 'DATABASE_URL'],
    ['DATABASE_URI', 'DATABASE_URL'],
    ['CHAT_REDIS_HOSTS', 'CHAT_REDIS_HOST'],
    ['NODE_EVN', 'NODE_ENV'],
    ['redis_url', 'REDIS_URL'],
    ['PARLEY_CONFG', 'PARLEY_CONFIG'],
  ])('%s: %s', (name, meant) => {
    const [problem, ...others] = problemsOf({ [name]: 'value' });
    expect(others).toEqual([]);
    expect(problem).toMatch(new RegExp(`^${name} \\(.*\\) is not known: say ${meant} if that was meant`));
  });
});

describe('a name that somebody else put there is left alone', () => {
  const foreign = {
    kubernetes: {
      REDIS_SERVICE_HOST: '10.0.0.1',
      REDIS_SERVICE_PORT: '6379',
      REDIS_SERVICE_PORT_REDIS: '6379',
      REDIS_PORT: 'tcp://10.0.0.1:6379',
      REDIS_PORT_6379_TCP: 'tcp://10.0.0.1:6379',
      REDIS_PORT_6379_TCP_PROTO: 'tcp',
      REDIS_PORT_6379_TCP_PORT: '6379',
      REDIS_PORT_6379_TCP_ADDR: '10.0.0.1',
      REDIS_CLUSTER_PORT: 'tcp://10.0.0.1:6379',
      REDIS_CLUSTER_SERVICE_HOST: '10.0.0.1',
      REDIS_HOST_SERVICE_HOST: '10.0.0.1',
      REDIS_HOST_PORT: 'tcp://10.0.0.1:6379',
      CHAT_REDIS_PORT: 'tcp://10.0.0.1:6379',
      CHAT_REDIS_SERVICE_HOST: '10.0.0.1',
      CACHE_SERVICE_PORT: '80',
    },
    'linked containers': { REDIS_NAME: '/web/redis', REDIS_ENV_REDIS_VERSION: '7', REDIS_ENV_PASSWORD: 'x' },
    'hosting platforms': {
      REDISHOST: 'h',
      REDISPORT: '1',
      REDISUSER: 'u',
      REDISPASSWORD: 'p',
      REDIS_TLS_URL: 'rediss://h',
      REDIS_PUBLIC_URL: 'redis://h',
      REDISCLOUD_URL: 'redis://h',
      POSTGRES_URL: 'postgres://h',
      DATABASE_URL_UNPOOLED: 'x',
    },
    'images and tools': {
      REDIS_VERSION: '7',
      REDISCLI_AUTH: 'p',
      REDIS_PASSWORD_FILE: '/run/secrets/redis',
      REDIS_DATABASE: 'x',
    },
    'whoever has two': { REDIS_URL_2: 'redis://b', DATABASE_URL2: 'postgres://b', REDIS_HOST_1: 'b' },
    'nobody in particular': {
      REDIS_TTL: '1',
      REDIS_FOO: '1',
      CACHE_DIR: '/tmp',
      NODE_OPTIONS: '',
      NODE_PATH: '/x',
      DATA: '/x',
    },
  };

  it.each(Object.entries(foreign))('%s', (_, env) => {
    expect(problemsOf({ REDIS_HOST: 'redis', ...env })).toEqual([]);
  });

  it('a port that is a link leaves the default, and a note tells of it', () => {
    const config = configOf({ REDIS_HOST: 'redis', REDIS_PORT: 'tcp://10.0.0.1:6379' });
    expect(config.redis?.addresses).toEqual([{ host: 'redis', port: 6379 }]);
    expect(config.notes).toEqual([
      { variable: 'REDIS_PORT', note: 'was put there by a container platform and is left alone' },
    ]);
  });

  it('and so is one that PARLEY_IGNORE lists', () => {
    expect(problemsOf({ REDIS_URI: 'x', REDIS_HOSTS: 'x' })).toHaveLength(2);
    expect(problemsOf({ REDIS_URI: 'x', REDIS_HOSTS: 'x', PARLEY_IGNORE: 'REDIS_URI, REDIS_HOSTS' })).toEqual(
      [],
    );
  });
});
