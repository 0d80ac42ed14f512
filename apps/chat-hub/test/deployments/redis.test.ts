import { startPostgres, startRedis, type RedisServer } from '@parley/services';
import { deployed, deploymentLaws } from './deployed.ts';
import { withoutBusLaws } from './laws/without-bus.ts';

let redis: RedisServer;

const hub = deployed(async (own) => {
  const postgres = own(await startPostgres());
  redis = own(await startRedis());
  return { nodes: 3, env: { DATABASE_URL: postgres.url, REDIS_URL: redis.url } };
});

deploymentLaws(hub);
withoutBusLaws(hub, [
  {
    name: 'is dead, and comes back empty',
    begin: () => redis.kill(),
    end: () => redis.restart({ data: 'wipe' }),
  },
  { name: 'hangs', begin: () => redis.pause(), end: () => redis.resume() },
  {
    name: 'forgets everything that it knew',
    begin: async () => {
      await redis.command('FLUSHALL');
      await redis.flushScripts();
    },
  },
  { name: 'is restarted', begin: () => redis.restart({ data: 'wipe' }) },
]);
