import type { Subject, Subjects } from '../../src/scenario.ts';
import { chatSchema, messageOf } from './message.ts';

const ours: Subject = async ({ url, prefix }) => {
  const { createBus, defineTopic } = await import('@parley/bus');
  const { connectRedis, redisConfigFromUrl } = await import('@parley/adapter-redis');
  const { redisBroker } = await import('@parley/adapter-redis/bus');
  const connection = connectRedis({ ...redisConfigFromUrl(url('redis')), prefix });
  const bus = createBus({ broker: redisBroker(connection) });
  const topic = defineTopic('cursor', { class: 'ephemeral', schema: chatSchema });
  return {
    async op(i) {
      const { sent } = await bus.publish(topic, messageOf(i));
      if (!sent) throw new Error('it was not sent');
    },
    async teardown() {
      await bus.close();
      await connection.close();
    },
  };
};

const floor: Subject = async ({ url, prefix }) => {
  const { Redis } = await import('ioredis-6');
  const redis = new Redis(url('redis'), { enableAutoPipelining: true });
  return {
    op: (i) => redis.publish(`${prefix}cursor`, JSON.stringify(messageOf(i))),
    teardown: () => redis.disconnect(),
  };
};

export const redisEphemeral: Subjects = { ours, floor };
