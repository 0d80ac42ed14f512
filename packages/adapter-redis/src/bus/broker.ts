import type { Broker } from '@parley/bus';
import { createInstanceId, requireMs, type Random } from '@parley/cache-core/kernel';
import { internalsOf, type RedisConnection } from '../connection.ts';
import { requirePrefix } from '../keys.ts';
import type { Command } from '../lane.ts';
import { loadScript } from '../script.ts';
import { slotOf } from '../slot.ts';
import { within } from '../within.ts';
import { RedisFeed } from './feed.ts';
import { redisJobs } from './jobs.ts';
import { busKeys, topicOf } from './keys.ts';
import { placesIn } from './places.ts';
import { redisStreams } from './streams.ts';
import { Subscriber } from './subscriber.ts';
import { signalOf } from './words.ts';

export interface RedisBrokerOptions {
  /** Stands before every key and channel. @default the prefix of the connection */
  readonly prefix?: string | undefined;
  /** How often a subscription asks whether it still hears, in milliseconds. That it does not is found within three times as long. @default 2_500 */
  readonly probeEveryMs?: number | undefined;
  /** @default Math.random */
  readonly random?: Random | undefined;
}

const probe = loadScript('bus/history', 'bus/probe');

/** Carries the messages of a bus between the processes that use the same prefix. The connection stays the caller's to close. */
export function redisBroker(connection: RedisConnection, options: RedisBrokerOptions = {}): Broker {
  const { reads, changes, clock, openSubscriber } = internalsOf(connection);
  const { clustered, link } = changes;
  const prefix = requirePrefix('prefix', options.prefix ?? connection.prefix);
  const keys = busKeys(prefix, connection.db, clustered);
  const random = options.random ?? Math.random;
  const probeEveryMs = requireMs('probeEveryMs', options.probeEveryMs ?? 2_500);
  const detectionMs = probeEveryMs * 3;
  // Random, and with the server's clock in it by the script.
  const nonce = createInstanceId({ clock }).slice(-10);
  const publish = clustered ? 'spublish' : 'publish';
  const slots = new Map<string, number>();
  const slotOfTag = (tag: string): number => {
    const slot = slots.get(tag) ?? slotOf(`{${tag}}`);
    slots.set(tag, slot);
    return slot;
  };

  const subscriberOptions = {
    clock,
    random,
    sharded: clustered,
    server: connection.server,
    probeEveryMs,
    detectionMs,
    probeChannel: (tag: string) => keys.probe(tag, createInstanceId({ clock })),
    probe: (channel: string, token: string) =>
      changes.run('probe a subscription', probe, [channel], [publish, token]),
  };

  const feeds = new Set<RedisFeed>();

  return {
    name: 'redis',
    prefix,
    capabilities: {
      shared: true,
      maxBodyBytes: 8 * 1024 * 1024,
      maxBatch: 512,
      maxInFlight: 8,
    },
    streams: redisStreams({ reads, changes, keys, clustered, nonce, feeds }),
    jobs: redisJobs(changes, keys, clustered),

    send: async (signals, call) => {
      await within(signals, call, () =>
        changes.all(
          'send',
          signals.flatMap(({ channel, body, wide }): Command[] => {
            const tag = keys.tagOf(channel);
            const text = signalOf(channel, body);
            const own: Command = [publish, keys.toChannel(tag, channel), text];
            return wide ? [own, [publish, keys.toTopic(tag, topicOf(channel)), text]] : [own];
          }),
        ),
      );
    },

    open: (listener) => {
      const feed = new RedisFeed({
        clock,
        listener,
        detectionMs,
        ready: async () => {
          if (!link.up) await link.admit('follow channels');
        },
        placesOf: placesIn(keys),
        isTopic: (channel) => channel.startsWith('t:', prefix.length),
        serverOf: (tag) => {
          if (!clustered) return '';
          const { host, port } = link.holderOf(slotOfTag(tag)) ?? {};
          return `${host}:${port}`;
        },
        subscriberFor: async (tag, events) => {
          const open = (): ReturnType<typeof openSubscriber> => openSubscriber(slotOfTag(tag));
          const subscriber = new Subscriber({ ...subscriberOptions, ...events, open });
          await subscriber.start(tag);
          return subscriber;
        },
        asError: (error) => link.asStoreError(error, 'follow channels'),
        onRefusal: () => void link.refresh(),
        onClose: (closed) => feeds.delete(closed),
      });
      feeds.add(feed);
      return feed;
    },

    health: () => connection.health({ holds: 'state' }),
  };
}
