import { startPostgres, startRedis, type RedisServer } from '@parley/services';
import { expect, test } from 'vitest';
import { deployed, deploymentLaws } from './deployed.ts';
import { surviving, unharmed } from './laws/unharmed.ts';
import { presenceFaultLaws } from './laws/presence.ts';
import { withoutBusLaws, type Fault } from './laws/without-bus.ts';

let redis: RedisServer;

const hub = deployed(async (own) => {
  const postgres = own(await startPostgres());
  redis = own(await startRedis());
  return { nodes: 3, env: { DATABASE_URL: postgres.url, REDIS_URL: redis.url } };
});

const faults: readonly Fault[] = [
  {
    name: 'Redis is dead, and comes back empty',
    begin: () => redis.kill(),
    end: () => redis.restart({ data: 'wipe' }),
  },
  { name: 'Redis hangs', begin: () => redis.pause(), end: () => redis.resume() },
  {
    name: 'Redis forgets everything that it knew',
    begin: async () => {
      await redis.command('FLUSHALL');
      await redis.flushScripts();
    },
  },
];

deploymentLaws(hub, () => {
  withoutBusLaws(hub, faults);
  presenceFaultLaws(hub, faults);

  test('a node that dies while Redis is dead comes back without it', { timeout: 180_000 }, async () => {
    const node = hub().nodes.at(-1);
    const outcome = await surviving(hub(), async (traffic) => {
      await redis.kill();
      await node?.kill();
      await node?.start();
      await traffic.more(100);
      await redis.restart({ data: 'wipe' });
    });
    expect(outcome).toEqual(unharmed);
  });
});
