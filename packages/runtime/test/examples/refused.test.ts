import { expect, it } from 'vitest';
import { ConfigError, openParley, readConfig, selectAdapters } from '@parley/runtime';

it('is refused with everything that is wrong', async () => {
  // #region refused
  const opening = openParley({
    CACHE_ADAPTER: 'memcached',
    REDIS_URL: 'redis://localhost',
    REDIS_PASWORD: 'secret',
    REDIS_DB: 'zero',
  });

  const error = await opening.catch((reason: unknown) => reason);
  expect(error).toBeInstanceOf(ConfigError);
  expect(String(error)).toBe(`ConfigError: The configuration cannot be used:
- CACHE_ADAPTER ("memcached") must be one of auto, redis, database, memory
- REDIS_DB ("zero") must be a whole number from 0 to 65535; 0 in a cluster
- REDIS_PASWORD (***) is not known: say REDIS_PASSWORD if that was meant, or list it in PARLEY_IGNORE if it is not for Parley`);
  // #endregion refused
});

it('is read without opening', () => {
  // #region read
  const config = readConfig({
    NODE_ENV: 'production',
    REDIS_URL: 'redis://:secret@cache.internal',
    REDIS_POOL_MAX: '10',
  });

  expect(selectAdapters(config).cache).toEqual({
    adapter: 'redis',
    because: 'NODE_ENV=production and a Redis is configured',
  });
  expect(String(config.redis?.password)).toBe('***');
  expect(config.notes).toEqual([
    {
      variable: 'REDIS_POOL_MAX',
      note: expect.stringMatching(/^has no effect: there is no pool/),
    },
  ]);
  // #endregion read
});

it('the file of the documentation is one that can be used', () => {
  const { pathname } = new URL('parley.yaml', import.meta.url);
  expect(readConfig({ PARLEY_CONFIG: pathname })).toMatchObject({
    cache: { adapter: 'redis', defaultTtl: 3600 },
    redis: { mode: 'cluster', keyPrefix: 'app:' },
    storage: { retentionDays: { events: 30, metrics: 90, errors: 7 } },
  });
});
