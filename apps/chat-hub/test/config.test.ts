import { ConfigError } from '@parley/runtime';
import { describe, expect, test } from 'vitest';
import { readHubConfig } from '../src/config.ts';
import { standardFileBounds } from '../src/files/file-config.ts';
import { standardLimits } from '../src/limits/limit-names.ts';

function problemsOf(env: Record<string, string>): string[] {
  try {
    readHubConfig(env, { terminal: false });
    return [];
  } catch (error) {
    if (!(error instanceof ConfigError)) throw error;
    return error.problems.map(({ message }) => message);
  }
}

test('nothing need be said', () => {
  expect(readHubConfig({}, { terminal: true })).toEqual({
    host: '127.0.0.1',
    port: 7788,
    publicOrigin: undefined,
    name: 'Parley',
    logLevel: 'warn',
    logFormat: 'text',
    publicMetrics: false,
    trustProxy: false,
    limits: standardLimits,
    webhookNetworks: [],
    files: { place: { kind: 'folder', path: './data-files' }, ...standardFileBounds },
    retentionDays: 0,
    streamSilentMs: 30_000,
    environment: { NODE_ENV: 'development', DATA_DIR: './data' },
  });
});

test('everything can be said', () => {
  const config = readHubConfig({
    HUB_HOST: '::',
    HUB_PORT: ' 80 ',
    HUB_PUBLIC_URL: 'https://Chat.example.org:443/',
    HUB_NAME: 'Ours',
    HUB_LOG_FORMAT: 'json',
    HUB_LOG_LEVEL: 'debug',
    HUB_METRICS: 'public',
    HUB_TRUST_PROXY: 'loopback, 10.0.0.0/8,::1',
    HUB_DATA: '/var/lib/hub',
    NODE_ENV: 'development',
  });
  expect(config).toMatchObject({
    host: '::',
    port: 80,
    publicOrigin: 'https://chat.example.org',
    name: 'Ours',
    logFormat: 'json',
    logLevel: 'debug',
    publicMetrics: true,
    trustProxy: ['loopback', '10.0.0.0/8', '::1'],
    environment: { NODE_ENV: 'development', DATA_DIR: '/var/lib/hub' },
  });
});

test('where a database is named, the folder of the hub is none', () => {
  const url = 'postgres://u:p@db/hub';
  expect(readHubConfig({ DATABASE_URL: url, HUB_DATA: 'x' }).environment['DATA_DIR']).toBeUndefined();
  expect(readHubConfig({ DATA_DIR: 'own', HUB_DATA: 'x' }).environment['DATA_DIR']).toBe('own');
});

test('everything that is wrong is told at once, of the hub and of what it stands on', () => {
  const problems = problemsOf({
    HUB_PORT: '99999',
    HUB_PUBLIC_URL: 'https://user:secret@chat.example.org/path',
    HUB_METRICS: 'everybody',
    HUB_LOG_LEVL: 'debug',
    REDIS_PORT: 'many',
  });
  expect(problems).toEqual([
    'HUB_LOG_LEVL is not known: say HUB_LOG_LEVEL if that was meant, or list it in PARLEY_IGNORE if it is not for the hub',
    'HUB_PORT ("99999") must be a number from 0 to 65535, where 0 takes any that is free',
    'HUB_PUBLIC_URL ("https://***@chat.example.org/path") must be an address such as https://chat.example.org, without a path',
    'HUB_METRICS ("everybody") must be public or private',
    expect.stringMatching(/^REDIS_PORT \("many"\)/),
  ]);
});

describe('unknown names', () => {
  test.each([
    ['HUB_PROT', 'HUB_PORT'],
    ['HUB_HOSTNAME', 'HUB_HOST'],
    ['HUB_URL', 'HUB_PUBLIC_URL'],
    ['HUB_DATA_DIR', 'HUB_DATA'],
    ['HUB_TRUSTED_PROXY', 'HUB_TRUST_PROXY'],
    ['hub_port', 'HUB_PORT'],
  ])('%s was meant to be %s', (name, meant) => {
    expect(problemsOf({ [name]: 'x' })).toEqual([
      expect.stringContaining(`${name} is not known: say ${meant} `),
    ]);
  });

  test('those of others, and those that are empty, are none of ours', () => {
    const env = {
      HUB_SERVICE_HOST: '10.0.0.1',
      HUB_SERVICE_PORT: '80',
      HUB_PORT_7788_TCP_ADDR: '10.0.0.1',
      HUB_PORT: 'tcp://10.0.0.1:7788',
      HUB_SOMETHING: '',
      HUB_THEIRS: 'x',
      PARLEY_IGNORE: 'HUB_THEIRS',
    };
    expect(problemsOf(env)).toEqual([]);
    expect(readHubConfig(env).port).toBe(7788);
  });
});

test.each(['chat.example.org', 'ftp://x', 'https://x/chat', 'https://x/?a=1', 'https://x/#a'])(
  '%s is no public address',
  (HUB_PUBLIC_URL) => {
    expect(problemsOf({ HUB_PUBLIC_URL })).toHaveLength(1);
  },
);

test.each(['everybody', '10.0.0.0/33', '10.0.0', '1.2.3.4/8/8', 'true'])(
  '%s is no proxy',
  (HUB_TRUST_PROXY) => {
    expect(problemsOf({ HUB_TRUST_PROXY })).toHaveLength(1);
  },
);

const url = 'postgres://u:p@db/hub';

test.each<[what: string, env: Record<string, string>, mode: string]>([
  ['nothing', {}, 'development'],
  ['a database', { DATABASE_URL: url }, 'production'],
  ['a Redis', { REDIS_HOST: 'cache' }, 'production'],
  ['a mode', { DATABASE_URL: url, NODE_ENV: 'development' }, 'development'],
])('who names %s runs the hub for that', (_, env, mode) => {
  expect(readHubConfig(env).environment['NODE_ENV']).toBe(mode);
});

test.each<[env: Record<string, string>, terminal: boolean, format: string, level: string]>([
  [{}, true, 'text', 'warn'],
  [{}, false, 'text', 'warn'],
  [{ NODE_ENV: 'production' }, true, 'json', 'info'],
  [{ DATABASE_URL: url }, true, 'text', 'warn'],
  [{ DATABASE_URL: url }, false, 'json', 'info'],
  [{ HUB_LOG_FORMAT: 'json' }, true, 'json', 'info'],
  [{ HUB_LOG_FORMAT: 'text', NODE_ENV: 'production' }, false, 'text', 'warn'],
  [{ HUB_LOG_LEVEL: 'error', NODE_ENV: 'production' }, false, 'json', 'error'],
])('with %o, on a terminal: %s, the log is %s from %s on', (env, terminal, logFormat, logLevel) => {
  expect(readHubConfig(env, { terminal })).toMatchObject({ logFormat, logLevel });
});

describe('files', () => {
  const filesOf = (env: Record<string, string>) => readHubConfig(env, { terminal: false }).files;
  const keys = { HUB_S3_ACCESS_KEY: 'id', HUB_S3_SECRET_KEY: 'a secret' };

  test('are beside the embedded Postgres, and nowhere else unless a place is named', () => {
    expect(filesOf({ HUB_DATA: '/var/hub/' }).place).toEqual({ kind: 'folder', path: '/var/hub-files' });
    expect(filesOf({ DATABASE_URL: 'postgres://u:p@db/hub' }).place).toBeUndefined();
    expect(filesOf({ HUB_FILES: 'off' }).place).toBeUndefined();
    expect(filesOf({ HUB_FILES: '/mnt/shared' }).place).toEqual({ kind: 'folder', path: '/mnt/shared' });
  });

  test('are in a bucket, with a prefix and in a region', () => {
    expect(
      filesOf({ HUB_FILES: 's3://ours/hub/files/', HUB_S3_REGION: 'eu-central-1', ...keys }).place,
    ).toEqual({
      kind: 's3',
      bucket: 'ours',
      prefix: 'hub/files/',
      endpoint: 'https://s3.eu-central-1.amazonaws.com',
      region: 'eu-central-1',
      accessKey: 'id',
      secretKey: 'a secret',
    });
    const own = { HUB_FILES: 's3://ours', HUB_S3_ENDPOINT: 'http://127.0.0.1:9000/', ...keys };
    expect(filesOf(own).place).toMatchObject({ prefix: '', endpoint: 'http://127.0.0.1:9000' });
  });

  test('have bounds with units', () => {
    expect(
      filesOf({ HUB_FILE_MAX: '25MB', HUB_FILE_QUOTA: '2 TiB', HUB_FILE_QUOTA_USER: '4096' }),
    ).toMatchObject({
      largest: 26_214_400,
      workspace: 2_199_023_255_552,
      perUser: 4_096,
    });
  });

  test.each([
    [{ HUB_FILES: 's3://x' }, 'HUB_FILES'],
    [{ HUB_FILES: 's3://ours/../theirs', ...keys }, 'HUB_FILES'],
    [{ HUB_FILES: 'https://ours.example' }, 'HUB_FILES'],
    [{ HUB_FILES: 's3://ours', HUB_S3_ACCESS_KEY: 'id' }, 'HUB_S3_SECRET_KEY'],
    [{ HUB_FILES: 's3://ours', HUB_S3_SECRET_KEY: 'a secret' }, 'HUB_S3_ACCESS_KEY'],
    [{ HUB_S3_ENDPOINT: 'minio:9000' }, 'HUB_S3_ENDPOINT'],
    [{ HUB_FILE_MAX: '2 GB' }, 'HUB_FILE_MAX'],
    [{ HUB_FILE_MAX: '0' }, 'HUB_FILE_MAX'],
    [{ HUB_FILE_QUOTA: 'much' }, 'HUB_FILE_QUOTA'],
    [{ HUB_FILE_QUOTA_USER: '-1' }, 'HUB_FILE_QUOTA_USER'],
  ])('%j is refused by the name of its variable', (env, variable) => {
    const problems = problemsOf(env);
    expect(problems).toEqual([expect.stringMatching(`^${variable} `)]);
    expect(problems.join()).not.toContain('a secret');
  });
});
