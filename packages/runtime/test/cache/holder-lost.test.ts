import { spawn, type ChildProcess } from 'node:child_process';
import { once } from 'node:events';
import { fileURLToPath } from 'node:url';
import { silentLogger } from '@parley/cache-core/kernel';
import { openParley, type Environment } from '@parley/runtime';
import { sharedPostgres, startRedis, startRedisCluster, until } from '@parley/services';
import { describe, expect, it, vi } from 'vitest';

vi.setConfig({ testTimeout: 120_000 });

const program = fileURLToPath(new URL('../programs/load.ts', import.meta.url));

const backends: Record<string, () => Promise<AsyncDisposable & { readonly env: Environment }>> = {
  Redis: async () => {
    const server = await startRedis();
    const env = { CACHE_ADAPTER: 'redis', REDIS_URL: server.url };
    return { env, [Symbol.asyncDispose]: () => server.stop() };
  },
  'a Redis Cluster': async () => {
    const cluster = await startRedisCluster({ replicasPerMaster: 0 });
    const nodes = cluster.urls.map((url) => new URL(url).host).join(',');
    const env = { CACHE_ADAPTER: 'redis', REDIS_CLUSTER_NODES: nodes };
    return { env, [Symbol.asyncDispose]: () => cluster.stop() };
  },
  Postgres: async () => {
    const shared = await sharedPostgres();
    const env = { CACHE_ADAPTER: 'database', DATABASE_URL: shared.url };
    return { env, [Symbol.asyncDispose]: () => shared.drop() };
  },
};

interface Loading {
  readonly child: ChildProcess;
  readonly said: () => string;
}

/** A process that holds the lease of a key. */
async function startLoading(env: Environment): Promise<Loading> {
  const child = spawn(process.execPath, ['--conditions=@parley/source', program], {
    env: { PATH: process.env['PATH'], NODE_NO_WARNINGS: '1', ...env },
    stdio: ['ignore', 'pipe', 'inherit'],
  });
  let said = '';
  child.stdout.setEncoding('utf8').on('data', (text: string) => (said += text));
  await until(() => said.includes('loading'), { what: 'it holds the lease' });
  return { child, said: () => said };
}

describe.each(Object.entries(backends))('on %s', (_, start) => {
  it.each(['is killed', 'stands still for longer than its lease'])(
    'when the process that loads a key %s, another one loads it, and what it loaded stays',
    async (what) => {
      await using backend = await start();
      const isolation = `lost${Date.now() % 1e9}`;
      const env = { ...backend.env, ISOLATION: isolation };
      const open = () => openParley(backend.env, { logger: silentLogger, isolation });
      await using parley = await open();
      const { child, said } = await startLoading(env);
      try {
        child.kill(what === 'is killed' ? 'SIGKILL' : 'SIGSTOP');
        expect(await parley.cache.get('k', () => 'mine')).toBe('mine');
        if (what !== 'is killed') {
          child.kill('SIGCONT');
          await until(() => said().includes('got '), { what: 'it has come to its end' });
        }
        await using another = await open();
        expect(await another.cache.get('k', () => 'loaded again')).toBe('mine');
      } finally {
        child.kill('SIGKILL');
      }
      await (child.exitCode === null && child.signalCode === null ? once(child, 'exit') : undefined);
    },
  );
});
