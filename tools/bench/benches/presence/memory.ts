import type { Subject, Subjects } from '../../src/scenario.ts';
import { bareCrowd } from './bare-crowd.ts';
import { channelNames, joinAll, leaveAll, mustBeThere } from './crowd.ts';
import { openPresence } from './open.ts';
import { usedMB } from './redis-figures.ts';

/** What Redis holds more when everybody is there, with logs and leases. */
const ours: Subject = async ({ url, prefix }) => {
  const { Redis } = await import('ioredis-6');
  const operator = new Redis(url('redis'));
  const { presence, close } = await openPresence({ server: 'redis', url: url('redis'), prefix });
  // The lease is begun, and what is there for every process.
  await presence.connect({ user: 'somebody' }).ready();
  let crowds = 0;
  return {
    async op() {
      const names = channelNames(crowds++);
      const before = await usedMB(operator);
      const connections = await joinAll(presence, names);
      const held = (await usedMB(operator)) - before;
      await mustBeThere(presence, names);
      await leaveAll(connections);
      return held;
    },
    async teardown() {
      await close();
      operator.disconnect();
    },
  };
};

/** Names and connections alone. */
const bare: Subject = async ({ url, prefix }) => {
  const { Redis } = await import('ioredis-6');
  const [redis, operator] = [new Redis(url('redis')), new Redis(url('redis'))];
  let crowds = 0;
  return {
    async op() {
      const names = channelNames(crowds++);
      const before = await usedMB(operator);
      await bareCrowd(redis, prefix, names, { tell: false });
      const held = (await usedMB(operator)) - before;
      await redis.del(names.map((name) => prefix + name));
      return held;
    },
    teardown() {
      redis.disconnect();
      operator.disconnect();
    },
  };
};

export const memory: Subjects = { ours, floor: bare };
