import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir, userInfo } from 'node:os';
import { join } from 'node:path';
import { inspect } from 'node:util';
import { isParleyError } from '@parley/cache-core/kernel';
import { describe, expect, test } from 'vitest';
import { postgresConfigFromUrl, resolveConfig } from '../src/config.ts';
import type { PostgresConfig } from '../src/config.ts';
import { connectPostgres } from '../src/index.ts';

const url = 'postgres://ann:s3cret@db.example:6543/app';

function refusal(config: object): { readonly field: string; readonly message: string } {
  try {
    resolveConfig(config);
  } catch (error) {
    if (isParleyError(error, 'INVALID_ARGUMENT')) return error;
    throw error;
  }
  throw new Error('it was accepted');
}

test('without a word it is the server of this machine', () => {
  const user = userInfo().username;
  expect(resolveConfig({})).toMatchObject({
    host: 'localhost',
    port: 5432,
    user,
    database: user,
    password: undefined,
    tls: false,
    schema: 'parley',
    applicationName: 'parley',
    maxConnections: 4,
    prepare: true,
    connectMs: 3_000,
    queryMs: 5_000,
    statementMs: 4_500,
    idleMs: 30_000,
    lifetimeMs: 1_800_000,
  });
});

test('a URL says where the server is, and a field stands above it', () => {
  expect(resolveConfig({ url })).toMatchObject({
    host: 'db.example',
    port: 6543,
    user: 'ann',
    password: 's3cret',
    database: 'app',
  });
  expect(resolveConfig({ url, host: '10.0.0.1', database: 'other' })).toMatchObject({
    host: '10.0.0.1',
    port: 6543,
    database: 'other',
  });
  const several = 'postgres://h1,h2/app';
  expect(resolveConfig({ url: several, host: 'h3' })).toMatchObject({ host: 'h3', standbys: [] });
  expect(resolveConfig({ url: several, standbys: [{ host: 'h4' }] })).toMatchObject({
    host: 'h1',
    standbys: [{ host: 'h4', port: 5432 }],
  });
});

test.each<[string, Partial<ReturnType<typeof resolveConfig>>]>([
  ['postgresql://localhost', { host: 'localhost', port: 5432 }],
  ['postgres:///app', { host: 'localhost', database: 'app' }],
  ['postgres://ann@/app', { host: 'localhost', user: 'ann', database: 'app' }],
  ['postgres://[::1]:5433/app', { host: '::1', port: 5433 }],
  ['postgres://a%40b:p%2Fq%3A@h/d%20b', { user: 'a@b', password: 'p/q:', database: 'd b' }],
  ['postgres://ann@%2Fvar%2Frun%2Fpostgresql/app', { host: '/var/run/postgresql' }],
  ['postgres://ann@/app?host=/tmp', { host: '/tmp' }],
  ['postgres://h/d?application_name=chat&connect_timeout=7', { applicationName: 'chat', connectMs: 7_000 }],
  ['postgres://h/d?connect_timeout=0', { connectMs: 3_000 }],
  ['postgres://h/d?options=-c%20search_path%3Dapp', { options: '-c search_path=app' }],
  ['postgres://h/d?target_session_attrs=read-write', { standbys: [] }],
  [
    'postgres://ann:a,b@h1:5433,h2,[::1]:5434/d?target_session_attrs=primary',
    {
      host: 'h1',
      port: 5433,
      password: 'a,b',
      standbys: [
        { host: 'h2', port: 5432 },
        { host: '::1', port: 5434 },
      ],
    },
  ],
  ['postgres://h/d?channel_binding=require', { channelBinding: true }],
  ['postgres://h/d?sslmode=disable', { tls: false }],
  ['postgres://h/d?sslmode=require', { tls: { rejectUnauthorized: true } }],
  ['postgres://h/d?sslmode=verify-full&sslrootcert=system', { tls: { rejectUnauthorized: true } }],
  ['postgres://h/d?sslmode=no-verify', { tls: { rejectUnauthorized: false } }],
])('%s is understood', (text, expected) => {
  expect(resolveConfig({ url: text })).toMatchObject(expected);
});

test('certificates are read from the files that the URL names', () => {
  const folder = mkdtempSync(join(tmpdir(), 'parley-pem-'));
  try {
    for (const name of ['ca', 'cert', 'key']) writeFileSync(join(folder, name), `pem of ${name}`);
    const files = `sslrootcert=${folder}/ca&sslcert=${folder}/cert&sslkey=${folder}/key`;
    expect(resolveConfig({ url: `postgres://h/d?${files}` }).tls).toEqual({
      rejectUnauthorized: true,
      ca: 'pem of ca',
      cert: 'pem of cert',
      key: 'pem of key',
    });
  } finally {
    rmSync(folder, { recursive: true });
  }
});

describe('what is wrong is refused by its name', () => {
  test.each<[string, PostgresConfig]>([
    ['url', { url: 'mysql://h/d' }],
    ['url', { url: 'postgres://h:port/d' }],
    ['url', { url: 'postgres://h/%E0%A4%A' }],
    ['url', { url: 'postgres://h/d?pool_size=4' }],
    ['url', { url: 'postgres://h1,/d' }],
    ['url', { url: 'postgres://,h2/d' }],
    ['url', { url: 'postgres://ann@h1,bob@h2/d' }],
    ['url', { url: 'postgres://h1:5432,h2:x/d' }],
    ['url parameter host', { url: 'postgres:///d?host=h1,h2' }],
    ['url parameter host', { url: 'postgres://h1,h2/d?host=h3' }],
    ['standbys.host', { standbys: [{ host: '' }] }],
    ['standbys.port', { standbys: [{ host: 'h', port: 0 }] }],
    ['url parameter sslmode', { url: 'postgres://h/d?sslmode=prefer' }],
    ['url parameter sslrootcert', { url: 'postgres://h/d?sslrootcert=/nowhere/ca.pem' }],
    ['url parameter connect_timeout', { url: 'postgres://h/d?connect_timeout=soon' }],
    ['url parameter channel_binding', { url: 'postgres://h/d?channel_binding=yes' }],
    ['url parameter target_session_attrs', { url: 'postgres://h/d?target_session_attrs=standby' }],
    ['host', { host: '' }],
    ['port', { port: 0 }],
    ['port', { port: 65_536 }],
    ['port', { port: 54.5 }],
    ['user', { user: 'nul\0' }],
    ['database', { database: '' }],
    ['tls.cert', { tls: { key: 'k' } }],
    ['tls.key', { tls: { cert: 'c' } }],
    ['schema', { schema: 'Parley' }],
    ['schema', { schema: 'a"; drop table x' }],
    ['schema', { schema: 'pg_own' }],
    ['schema', { schema: 'x'.repeat(41) }],
    ['applicationName', { applicationName: 'x'.repeat(49) }],
    ['maxConnections', { maxConnections: 0 }],
    ['connectTimeout', { connectTimeout: 0 }],
    ['queryTimeout', { queryTimeout: -1 }],
    ['statementTimeout', { statementTimeout: Number.NaN }],
    ['idleTimeout', { idleTimeout: 0 }],
    ['maxLifetime', { maxLifetime: '30d' }],
  ])('%s', (field, config) => {
    expect(refusal(config)).toMatchObject({ field });
  });

  test.each<[string, object]>([
    ['config', { poolSize: 4 }],
    ['standbys', { standbys: 'h2' }],
    ['tls', { tls: { rejectUnauthorized: false } }],
    ['tls', { tls: 'yes' }],
    ['password', { password: 42 }],
    ['prepare', { prepare: 'no' }],
    ['channelBinding', { channelBinding: 1 }],
    ['keepAlive', { keepAlive: '1ns' }],
  ])('%s of another type', (field, config) => {
    expect(refusal(config)).toMatchObject({ field });
  });
});

test('the config of a connection string can be checked without a connection, and refined', () => {
  const config = postgresConfigFromUrl('postgres://ann:s3cret@h:5433/d?connect_timeout=7');
  expect(config).toEqual({
    host: 'h',
    port: 5433,
    user: 'ann',
    password: 's3cret',
    database: 'd',
    connectTimeout: 7,
  });
  expect(resolveConfig({ ...config, schema: 'shop' })).toMatchObject({ host: 'h', schema: 'shop' });
  for (const wrong of ['mysql://h/d', 'postgres://h:0/d', 'postgres://h/d?connect_timeout=99999']) {
    expect(() => postgresConfigFromUrl(wrong)).toThrow(expect.objectContaining({ code: 'INVALID_ARGUMENT' }));
  }
});

test('no message tells a password', () => {
  const wrong: object[] = [
    { url: 'mysql://ann:s3cret@h/d' },
    { url: 'ann:s3cret@h/d' },
    { url: 'postgres://ann:s3cret@h:port/d' },
    { url: 'postgres://ann:s3cret%zz@h/d' },
    { url, port: -1 },
    { password: ['s3cret'] },
    { passwrod: 's3cret' },
    { tls: { passphrase: 's3cret', cert: 's3cret' } },
  ];
  for (const config of wrong) {
    const error = refusal(config);
    expect(JSON.stringify(error) + error.message + inspect(error)).not.toContain('s3cret');
  }
});

test('a connection shows nothing of its configuration', async () => {
  await using db = connectPostgres({ url });
  expect(inspect(db, { depth: 10, showHidden: true }) + JSON.stringify(db)).not.toContain('s3cret');
});
