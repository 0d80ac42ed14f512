import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import {
  sharedPostgres,
  sharedRedis,
  sharedRedisCluster,
  sharedRedisSentinel,
  startRedis,
} from '@parley/services';
import { afterAll, expect, it, vi } from 'vitest';
import { runProgram } from '../support/run-program.ts';

// Servers take their time on a machine that is busy.
vi.setConfig({ testTimeout: 60_000 });

const folder = await mkdtemp(join(tmpdir(), 'parley-program-'));
afterAll(() => rm(folder, { recursive: true, force: true }));

const hostsOf = (urls: readonly string[]): string => urls.map((url) => new URL(url).host).join(',');

/** What a new user sets, and what the program then says. */
const settings: readonly [string, () => Promise<Readonly<Record<string, string>>>, because: RegExp][] = [
  ['nothing', async () => ({}), /^NODE_ENV=development; the embedded Postgres/],
  ['memory', async () => ({ CACHE_ADAPTER: 'memory' }), /^CACHE_ADAPTER=memory$/],
  ['a folder', async () => ({ DATA_DIR: join(folder, 'data') }), /its data is in .*\/data$/],
  [
    'a Postgres',
    async () => ({ DATABASE_URL: (await sharedPostgres()).url }),
    /the Postgres of DATABASE_URL$/,
  ],
  [
    'a Redis',
    async () => {
      const { url, prefix } = await sharedRedis();
      return { NODE_ENV: 'production', REDIS_URL: url, REDIS_KEY_PREFIX: prefix };
    },
    /^NODE_ENV=production and a Redis is configured$/,
  ],
  [
    'a Redis Cluster',
    async () => {
      const { urls, prefix } = await sharedRedisCluster();
      return { CACHE_ADAPTER: 'redis', REDIS_CLUSTER_NODES: hostsOf(urls), REDIS_KEY_PREFIX: prefix };
    },
    /^CACHE_ADAPTER=redis$/,
  ],
  [
    'Sentinels',
    async () => {
      const { urls, name, prefix } = await sharedRedisSentinel();
      const REDIS_SENTINELS = hostsOf(urls);
      return { NODE_ENV: 'production', REDIS_SENTINELS, REDIS_SENTINEL_NAME: name, REDIS_KEY_PREFIX: prefix };
    },
    /^NODE_ENV=production and a Redis is configured$/,
  ],
  [
    'a file',
    async () => {
      const { url, prefix } = await sharedRedis();
      const { hostname, port } = new URL(url);
      const file = join(folder, 'parley.yaml');
      const connection = `{ host: ${hostname}, port: ${port} }`;
      await writeFile(
        file,
        `cache-layer: { type: redis, connection: ${connection}, settings: { keyPrefix: '${prefix}' } }`,
      );
      return { PARLEY_CONFIG: file };
    },
    /^CACHE_ADAPTER=redis$/,
  ],
];

it.each(settings)(
  'ten lines and %s are a cache, and the program ends by itself',
  { timeout: 60_000 },
  async (_, surroundings, because) => {
    const { code, stdout, stderr } = await runProgram(
      new URL('program.ts', import.meta.url),
      await surroundings(),
    );
    const [first, ...rest] = stdout.split('\n');
    expect({ code, stderr }).toEqual({ code: 0, stderr: '' });
    expect(first).toMatch(because);
    expect(rest.join('\n')).toBe('user 42, load 1 user 42, load 1\nuser 42, load 2\n');
  },
);

it("a Redis that speaks TLS with a certificate of one's own is trusted through NODE_EXTRA_CA_CERTS", async () => {
  await using redis = await startRedis({ tls: true });
  const authority = join(folder, 'authority.pem');
  await writeFile(authority, redis.ca ?? '');
  const env = {
    CACHE_ADAPTER: 'redis',
    REDIS_HOST: redis.host,
    REDIS_PORT: String(redis.port),
    REDIS_TLS: 'true',
  };
  const program = new URL('program.ts', import.meta.url);
  const outcome = await runProgram(program, { ...env, NODE_EXTRA_CA_CERTS: authority });
  expect(outcome).toMatchObject({ code: 0, stderr: '' });
  const untrusted = await runProgram(program, env);
  expect(untrusted.code).toBe(1);
  expect(untrusted.stderr).toMatch(/No secure connection to Redis .*certificate/);
});
