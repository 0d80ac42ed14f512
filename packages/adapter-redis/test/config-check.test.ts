import { isParleyError } from '@parley/cache-core/kernel';
import { describe, expect, test } from 'vitest';
import { checkConfig } from '../src/config-check.ts';
import type { RedisConfig } from '../src/config.ts';

const standalone: RedisConfig = { mode: 'standalone', host: 'redis.local' };

/** What JavaScript, YAML and the environment can bring. */
function check(config: object): unknown {
  const read: RedisConfig = JSON.parse(JSON.stringify(config));
  return checkConfig(read);
}

test('what is left out has its documented default', () => {
  expect(checkConfig(standalone)).toMatchObject({
    addresses: [{ host: 'redis.local', port: 6379 }],
    db: 0,
    prefix: 'parley:',
    connectionName: 'parley',
    connectTimeoutMs: 5000,
    responseTimeoutMs: 2000,
    reconnectIntervalMs: 100,
    tls: undefined,
  });
  expect(checkConfig({ mode: 'sentinel', name: 'main', sentinels: [{ host: 'a' }] })).toMatchObject({
    addresses: [{ host: 'a', port: 26_379 }],
    masterName: 'main',
  });
});

test('Sentinels speak TLS as the servers do, unless told otherwise', () => {
  const config = { mode: 'sentinel', name: 'main', sentinels: [{ host: 'a' }], tls: true } as const;
  expect(checkConfig(config).sentinelTls).toEqual({});
  expect(checkConfig({ ...config, sentinelTls: false }).sentinelTls).toBeUndefined();
});

describe('the error names the field', () => {
  test.each<[string, object]>([
    ['mode', { mode: 'clustered' }],
    ['mode', {}],
    ['host', { mode: 'standalone' }],
    ['host', { mode: 'standalone', host: ' ' }],
    ['port', { ...standalone, port: 70_000 }],
    ['port', { ...standalone, port: '6379' }],
    ['db', { ...standalone, db: -1 }],
    ['nodes', { mode: 'cluster', nodes: [] }],
    ['nodes[1].host', { mode: 'cluster', nodes: [{ host: 'a' }, { port: 1 }] }],
    ['db', { mode: 'cluster', nodes: [{ host: 'a' }], db: 1 }],
    ['name', { mode: 'sentinel', sentinels: [{ host: 'a' }] }],
    ['sentinels', { mode: 'sentinel', name: 'main' }],
    [
      'natMap["10.0.0.1:7000"].host',
      { mode: 'cluster', nodes: [{ host: 'a' }], natMap: { '10.0.0.1:7000': {} } },
    ],
    ['prefix', { ...standalone, prefix: 'a{b}' }],
    ['connectionName', { ...standalone, connectionName: 'has space' }],
    ['connectTimeout', { ...standalone, connectTimeout: 'soon' }],
    ['responseTimeout', { ...standalone, responseTimeout: -1 }],
    ['reconnectInterval', { ...standalone, reconnectInterval: 'often' }],
    ['tls', { ...standalone, tls: 'yes' }],
    ['tls.certificate', { ...standalone, tls: { certificate: 'x' } }],
    ['tls.key', { ...standalone, tls: { cert: 'x' } }],
    ['password', { ...standalone, password: '' }],
    ['hots', { ...standalone, hots: 'x' }],
  ])('%s', (field, config) => {
    expect(() => check(config)).toThrow(
      expect.toSatisfy((error) => isParleyError(error, 'INVALID_ARGUMENT') && error.field === field),
    );
  });
});

test('no error tells a secret, not even one under a misspelt name', () => {
  const secret = 'hunter2';
  const wrong = [
    { ...standalone, pasword: secret },
    { ...standalone, password: { value: secret } },
    { ...standalone, password: secret, port: 0.5 },
    { mode: 'sentinel', name: 'main', sentinels: [], sentinelPassword: secret },
  ];
  for (const config of wrong) {
    let told = '';
    try {
      check(config);
    } catch (error) {
      told = `${String(error)} ${JSON.stringify(error)}`;
    }
    expect(told).toContain('InvalidArgument');
    expect(told).not.toContain(secret);
  }
});
