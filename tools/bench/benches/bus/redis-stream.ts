import type { Subject, Subjects } from '../../src/scenario.ts';
import { chatSchema, Heard, messageOf } from './message.ts';
import { bareAppend } from './redis-script.ts';

const channels = Array.from({ length: 16 }, (_, i) => `channel-${i}`);
const channelAt = (i: number): string => channels[i % channels.length] ?? '';

async function openBus(url: string, prefix: string) {
  const { createBus, defineTopic } = await import('@parley/bus');
  const { connectRedis, redisConfigFromUrl } = await import('@parley/adapter-redis');
  const { redisBroker } = await import('@parley/adapter-redis/bus');
  const connection = connectRedis({ ...redisConfigFromUrl(url), prefix });
  const bus = createBus({ broker: redisBroker(connection) });
  const topic = defineTopic('chat', { class: 'stream', schema: chatSchema });
  return {
    bus,
    topic,
    close: async () => {
      await bus.close();
      await connection.close();
    },
  };
}

const oursLatency: Subject = async ({ url, prefix }) => {
  const { bus, topic, close } = await openBus(url('redis'), prefix);
  const heard = new Heard();
  await bus.subscribe(topic, heard.tell).ready();
  return {
    async op(i) {
      const got = heard.next();
      await bus.publish(topic, messageOf(i));
      await got;
    },
    teardown: close,
  };
};

const bareLatency: Subject = async ({ url, prefix }) => {
  const { Redis } = await import('ioredis-6');
  const [redis, subscriber] = [new Redis(url('redis')), new Redis(url('redis'))];
  const append = await bareAppend(redis, prefix);
  const heard = new Heard();
  subscriber.on('message', (_channel: string, text: string) => {
    JSON.parse(text.slice(text.indexOf(' ')));
    heard.tell();
  });
  await subscriber.subscribe(`${prefix}main`);
  return {
    async op(i) {
      const got = heard.next();
      await append('main', JSON.stringify(messageOf(i)));
      await got;
    },
    teardown: () => {
      redis.disconnect();
      subscriber.disconnect();
    },
  };
};

/** From `publish` to the handler of the same process, one after the other. */
export const redisLatency: Subjects = { ours: oursLatency, floor: bareLatency };

const oursPublish: Subject = async ({ url, prefix }) => {
  const { bus, topic, close } = await openBus(url('redis'), prefix);
  return { op: (i) => bus.publish(topic, messageOf(i), { channel: channelAt(i) }), teardown: close };
};

const barePublish: Subject = async ({ url, prefix }) => {
  const { Redis } = await import('ioredis-6');
  const redis = new Redis(url('redis'), { enableAutoPipelining: true });
  const append = await bareAppend(redis, prefix);
  return {
    op: (i) => append(channelAt(i), JSON.stringify(messageOf(i))),
    teardown: () => redis.disconnect(),
  };
};

/** What its `broadcast` does for other servers, without sockets: one XADD for each packet. */
const socketIo: Subject = async ({ url, prefix }) => {
  const { Redis } = await import('ioredis');
  const { createAdapter } = await import('@socket.io/redis-streams-adapter');
  const redis = new Redis(url('redis'), { enableAutoPipelining: true });
  const make = createAdapter(redis, { streamName: `${prefix}socket.io`, channelPrefix: prefix });
  const server = { encoder: { encode: () => [] }, opts: {} };
  const adapter = make({ name: '/', server, sockets: new Map(), adapter: {} });
  await adapter.init?.();
  return {
    op: (i) =>
      adapter.doPublish({
        uid: 'bench',
        nsp: '/',
        type: 3,
        data: {
          packet: { type: 2, nsp: '/', data: ['chat', messageOf(i)] },
          opts: { rooms: [], except: [], flags: {} },
        },
      }),
    teardown: () => {
      void adapter.close();
      redis.disconnect();
    },
  };
};

/** 256 in flight over 16 channels. */
export const redisPublish: Subjects = {
  ours: oursPublish,
  floor: barePublish,
  rivals: { 'socket.io streams': socketIo },
};
