import { connectRedis, type RedisConfig, type RedisConnection } from '@parley/adapter-redis';
import { redisPresenceStore } from '@parley/adapter-redis/presence';
import { systemClock } from '@parley/cache-core/kernel';
import {
  modelNumbers,
  modelStep,
  playModel,
  presenceStoreLaws,
  type ModelStep,
  type PresenceHarness,
} from '@parley/presence/conformance';
import { startRedis, startRedisCluster, type RedisServer } from '@parley/services';
import fc from 'fast-check';
import { afterAll, beforeAll, describe, test, vi } from 'vitest';

vi.setConfig({ testTimeout: 240_000, hookTimeout: 120_000 });

interface Servers {
  readonly config: RedisConfig;
  readonly masters: readonly RedisServer[];
  readonly stop: () => Promise<unknown>;
}

const address = ({ host, port }: RedisServer): { host: string; port: number } => ({ host, port });

const kinds: Readonly<Record<string, () => Promise<Servers>>> = {
  'one Redis': async () => {
    const server = await startRedis();
    return {
      config: { mode: 'standalone', ...address(server), responseTimeout: '20s' },
      masters: [server],
      stop: () => server.stop(),
    };
  },
  'a Redis Cluster': async () => {
    const cluster = await startRedisCluster();
    const masters = (await cluster.masters()).map(({ server }) => server);
    return {
      config: { mode: 'cluster', nodes: masters.map(address), responseTimeout: '20s' },
      masters,
      stop: () => cluster.stop(),
    };
  },
};

const step = fc
  .array(fc.nat(1_000), { minLength: modelNumbers, maxLength: modelNumbers })
  .map((numbers): ModelStep => modelStep(numbers));

describe.each(Object.entries(kinds))('on %s that may lose everything', (kind, start) => {
  let servers: Servers;
  let first: RedisConnection;
  let second: RedisConnection;

  beforeAll(async () => {
    servers = await start();
    first = connectRedis(servers.config);
    second = connectRedis(servers.config);
    await Promise.all([first.ready(), second.ready()]);
  });
  afterAll(async () => {
    await Promise.all([first.close(), second.close()]);
    await servers.stop();
  });

  const lose = async (): Promise<void> => {
    for (const server of servers.masters) await server.command('FLUSHALL');
  };

  const harness = (): PresenceHarness => ({
    store: redisPresenceStore(first),
    other: redisPresenceStore(second),
    advance: (ms) => systemClock.sleep(ms),
    toleranceMs: 2,
    lose,
  });

  test.each(presenceStoreLaws.filter(({ needs }) => needs === 'lose').map((law) => [law.name, law] as const))(
    '%s',
    (_name, law) => law.verify(harness()),
  );

  test('the store is as the model of it, whatever happens', async () => {
    const seed = Date.now() % 2 ** 31;
    let steps = 0;
    const some = fc.array(step, { minLength: 200, maxLength: 240 });
    await fc.assert(
      fc.asyncProperty(some, async (drawn) => {
        steps += drawn.length;
        await lose();
        await playModel(harness(), drawn);
      }),
      // Shrinking takes minutes here: the same steps fail on the store that is broken, and are shrunk with memory for a store.
      { numRuns: 32, seed, endOnFailure: true },
    );
    process.stdout.write(`presence model on ${kind}: seed ${seed}, ${steps} steps\n`);
  });
});
