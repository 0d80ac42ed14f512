import type { Subject, Subjects } from '../../src/scenario.ts';
import { bareCrowd } from './bare-crowd.ts';
import { channelNames, joinAll, leaveAll, mustBeThere } from './crowd.ts';
import { openPresence } from './open.ts';
import { usedMB } from './redis-figures.ts';

/** What Redis holds more when everybody is there, with logs and leases. Of a process of its own, which finds no space that others have left. */
const ours: Subject = async ({ url, prefix }) => {
  const { Redis } = await import('ioredis-6');
  const operator = new Redis(url('redis'));
  let crowds = 0;
  return {
    async op() {
      const { presence, close } = await openPresence({ server: 'redis', url: url('redis'), prefix });
      await presence.connect({ user: 'somebody' }).ready();
      const names = channelNames(crowds++);
      const before = await usedMB(operator);
      const connections = await joinAll(presence, names);
      const held = (await usedMB(operator)) - before;
      await mustBeThere(presence, names);
      await leaveAll(connections);
      await close();
      return held;
    },
    teardown: () => operator.disconnect(),
  };
};

/** Fields of hashes alone. */
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
