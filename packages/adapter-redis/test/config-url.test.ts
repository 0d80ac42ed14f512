import { redisConfigFromUrl } from '@parley/adapter-redis';
import { expect, test } from 'vitest';

test.each<[string, object]>([
  ['redis://localhost', { mode: 'standalone', host: 'localhost' }],
  ['redis://localhost:7000/3', { mode: 'standalone', host: 'localhost', port: 7000, db: 3 }],
  ['redis://:p%40ss@h/', { mode: 'standalone', host: 'h', password: 'p@ss' }],
  [
    'rediss://ann:s%2Fw@h:1',
    { mode: 'standalone', host: 'h', port: 1, username: 'ann', password: 's/w', tls: true },
  ],
  ['redis://[::1]:7000', { mode: 'standalone', host: '::1', port: 7000 }],
  [
    'redis+sentinel://u:p@a:1,b/main/2',
    {
      mode: 'sentinel',
      sentinels: [{ host: 'a', port: 1 }, { host: 'b' }],
      name: 'main',
      username: 'u',
      password: 'p',
      db: 2,
    },
  ],
  [
    'rediss+cluster://a,b:7001',
    { mode: 'cluster', nodes: [{ host: 'a' }, { host: 'b', port: 7001 }], tls: true },
  ],
])('%s', (url, config) => {
  expect(redisConfigFromUrl(url)).toEqual(config);
});

test.each([
  '',
  'localhost:6379',
  'http://localhost',
  'redis://',
  'redis://a,b',
  'redis://h/x',
  'redis://h?db=1',
  'redis://h:port',
  'redis+sentinel://a',
  'redis+sentinel://a/main/1/2',
  'redis+cluster://a/1',
  'redis://u:%ZZ@h',
  'redis://u:pa/ss@h',
  'redis://u:pa@ss@h',
])('%j is refused by name, and its secrets stay where they are', (url) => {
  expect(() => redisConfigFromUrl(url)).toThrow(/^url must be (?!.*(pa\/ss|pa@ss|ZZ))/s);
});
