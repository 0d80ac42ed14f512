import { until } from '@parley/services';
import { faultSize, recovered } from './failing.ts';
import { messagesOnly } from './common.ts';
import { oneChannel } from './layout.ts';
import type { Profile } from './profile.ts';

/** Somebody notices that a primary is gone, and decides: this is not the hub's part. */
const decisionPart = 0.05;
const electedWithinMs = 30_000;

export const failover: Profile = {
  name: 'failover',
  about:
    'The primary of Postgres dies and its synchronous standby takes over, which has everything that was acknowledged',
  size: faultSize,
  ground: 'postgres',
  nodes: 2,
  breaks: 'postgres',
  spare: 'postgres',
  layout: ({ agents }) => oneChannel(agents),
  traffic: (size) => messagesOnly(size),
  async course({ target: { pair }, at, mark, resumes }) {
    await at(0.35);
    mark('the primary is killed');
    await pair?.primary.kill();
    await at(0.35 + decisionPart);
    await pair?.promote();
    mark('the standby takes writes');
    resumes();
  },
  objectives: () => recovered,
};

export const redisFailover: Profile = {
  name: 'redis-failover',
  about: 'The master of Redis dies, and the Sentinels choose its replica',
  size: faultSize,
  ground: 'redis',
  nodes: 2,
  breaks: 'redis',
  spare: 'redis',
  layout: ({ agents }) => oneChannel(agents),
  traffic: (size) => messagesOnly(size),
  async course({ target: { sentinel }, at, mark, resumes }) {
    await at(0.3);
    const old = await sentinel?.master();
    mark('the master of Redis is killed');
    await old?.kill();
    await until(async () => (await sentinel?.master())?.port !== old?.port, {
      what: 'the Sentinels have chosen another master',
      deadline: electedWithinMs,
    });
    mark('the Sentinels have chosen another');
    resumes();
    await at(0.8);
    await old?.restart({ data: 'wipe' });
    mark('the old master is back, as a replica');
  },
  // Meanwhile nodes ask the database for what others were told, as when there is no Redis.
  objectives: () => [...recovered, { metric: 'delivery.p99', atMost: 3_000 }],
};
