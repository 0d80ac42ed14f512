import { InvalidArgument, parseDuration, safeCall } from '@parley/cache-core/kernel';
import type { Duration } from '@parley/cache-core/kernel';
import type { Invalidation, InvalidationListener } from '@parley/cache-core';
import type { Database } from '../database.ts';
import { Tables } from '../tables.ts';
import type { TablesOptions } from '../tables.ts';
import { NoticeReceiver } from './notice-receiver.ts';
import { NoticeSender } from './notice-sender.ts';

export interface PostgresInvalidationOptions extends TablesOptions {
  /**
   * Who should hear of one another: caches of one topic. Up to 16 lower-case letters, digits or `_`.
   *
   * @default 'cache'
   */
  readonly topic?: string | undefined;

  /**
   * How often the subscription is looked after. What was missed is known after three of these at the latest.
   *
   * @default '600ms': within 1.8 s, which is inside the 2 s of the cache's `stalenessBound`
   */
  readonly heartbeat?: Duration | undefined;

  /** @default Math.random */
  readonly random?: (() => number) | undefined;
}

export interface PostgresInvalidation extends Invalidation, AsyncDisposable {
  /** Ends all subscriptions. The database stays open. */
  close(): Promise<void>;
}

/**
 * Notices between processes by LISTEN and NOTIFY: one listening connection for all subscriptions of this object, opened by the first. It
 * needs a connection to the server itself, or a pooler that gives a session to each client.
 */
export function postgresInvalidation(
  db: Database,
  options: PostgresInvalidationOptions = {},
): PostgresInvalidation {
  const { topic = 'cache', random = Math.random } = options;
  if (!/^[a-z0-9_]{1,16}$/.test(topic)) {
    throw new InvalidArgument('topic', '1 to 16 lower-case letters, digits or "_"', topic);
  }
  const heartbeatMs = parseDuration(options.heartbeat ?? '600ms', { field: 'heartbeat', min: 50 });
  const tables = new Tables(db, options);
  const channel = `${tables.schema}.${topic}`;
  const sender = new NoticeSender(tables, topic, channel);
  const detectionMs = heartbeatMs * 3;
  const listeners = new Set<InvalidationListener>();
  let receiver: NoticeReceiver | undefined;

  const tell = (listener: InvalidationListener, what: (listener: InvalidationListener) => void): void =>
    safeCall('invalidation listener', () => what(listener));

  const open = (): NoticeReceiver =>
    new NoticeReceiver(tables, {
      topic,
      channel,
      heartbeatMs,
      detectionMs,
      random,
      onNotice: (notice) => listeners.forEach((listener) => tell(listener, (l) => l.notice(notice))),
      onState: (state) => listeners.forEach((listener) => tell(listener, (l) => l.state(state))),
    });

  const shut = async (): Promise<void> => {
    const last = receiver;
    receiver = undefined;
    await last?.close();
  };

  return {
    name: db.kind,
    detectionMs,
    publish: (notice, { signal } = {}) => sender.publish(notice, signal),
    subscribe(listener) {
      listeners.add(listener);
      receiver ??= open();
      // Not within this call: who subscribes has not been given the subscription yet.
      queueMicrotask(() => {
        if (listeners.has(listener) && receiver?.live === true) tell(listener, (l) => l.state('live'));
      });
      let subscribed = true;
      return {
        vouchedUntil: () => (subscribed && receiver !== undefined ? receiver.vouchedUntil : -Infinity),
        async close() {
          subscribed = false;
          if (listeners.delete(listener) && listeners.size === 0) await shut();
        },
      };
    },
    close: shut,
    [Symbol.asyncDispose]: shut,
  };
}
