import type { Subject } from '../../src/scenario.ts';
import { chatSchema, messageOf } from './message.ts';

const count = 10_000;

/** Follows 10,000 channels, has its connection cut, and has everything again. */
export const resubscribe: Subject = async ({ url, prefix }) => {
  const { createBus, defineTopic } = await import('@parley/bus');
  const { connectRedis, redisConfigFromUrl } = await import('@parley/adapter-redis');
  const { redisBroker } = await import('@parley/adapter-redis/bus');
  const { Redis } = await import('ioredis-6');
  const connection = connectRedis({ ...redisConfigFromUrl(url('redis')), prefix });
  const operator = new Redis(url('redis'));
  const broker = redisBroker(connection);
  const inFlight = { now: 0, most: 0 };
  const counted = async <T>(size: number, work: () => Promise<T>): Promise<T> => {
    inFlight.now += size;
    inFlight.most = Math.max(inFlight.most, inFlight.now);
    try {
      return await work();
    } finally {
      inFlight.now -= size;
    }
  };
  const bus = createBus({
    broker: {
      ...broker,
      streams: {
        ...broker.streams,
        read: (requests, options) => counted(requests.length, () => broker.streams.read(requests, options)),
      },
    },
  });
  const topic = defineTopic('chat', { class: 'stream', schema: chatSchema });
  const heard = { count: 0 };
  const names = Array.from({ length: count }, (_, i) => `room-${i}`);
  const subscriptions = names.map((channel) =>
    bus.subscribe(topic, () => void (heard.count += 1), { channel }),
  );
  await Promise.all(subscriptions.map((each) => each.ready({ within: '60s' })));
  return {
    async op(i) {
      heard.count = 0;
      const startedAt = performance.now();
      await operator.call('CLIENT', 'KILL', 'TYPE', 'pubsub');
      const sent = bus.publish(topic, messageOf(i), { channel: names[i % count] ?? '' });
      while (subscriptions.every((each) => each.state === 'live')) await new Promise(setImmediate);
      await Promise.all(subscriptions.map((each) => each.ready({ within: '60s' })));
      const seconds = (performance.now() - startedAt) / 1_000;
      await sent;
      while (heard.count < 1) await new Promise(setImmediate);
      return seconds;
    },
    figures: () => ({ mostInFlight: inFlight.most }),
    async teardown() {
      await bus.close();
      await connection.close();
      operator.disconnect();
    },
  };
};
