import { startPostgres, startRedisSentinel, type RedisSentinel, type RedisServer } from '@parley/services';
import { deployed } from './deployed.ts';
import { calmLaw } from './laws/calm.ts';
import { ordinaryDay } from './laws/ordinary-day.ts';
import { presenceFaultLaws, presenceLaws } from './laws/presence.ts';
import { withoutBusLaws, type Fault } from './laws/without-bus.ts';

let redis: RedisSentinel;
let demoted: RedisServer | undefined;

const hub = deployed(async (own) => {
  const postgres = own(await startPostgres());
  redis = own(await startRedisSentinel());
  const sentinels = redis.sentinels.map(({ host, port }) => `${host}:${port}`).join(',');
  return {
    nodes: 2,
    env: { DATABASE_URL: postgres.url, REDIS_SENTINELS: sentinels, REDIS_SENTINEL_NAME: redis.name },
  };
});

const failover = async (by: 'kill' | 'pause'): Promise<void> => {
  demoted = await redis.master();
  await redis.failover({ by });
};

const faults: readonly Fault[] = [
  {
    name: 'the master of Redis dies and is replaced by its replica',
    begin: () => failover('kill'),
    end: () => demoted?.restart({ data: 'wipe' }).then(() => redis.settled()) ?? Promise.resolve(),
  },
  {
    name: 'the master of Redis hangs, is replaced by its replica and comes back',
    begin: () => failover('pause'),
    end: () => demoted?.resume().then(() => redis.settled()) ?? Promise.resolve(),
  },
];

ordinaryDay(hub);
presenceLaws(hub);
withoutBusLaws(hub, faults);
presenceFaultLaws(hub, faults);
calmLaw(hub);
