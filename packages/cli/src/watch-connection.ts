import type { ConnectionState, Hub } from '@parley/hub-client';
import type { Output } from './output.ts';

export interface Watching {
  /** Rejects when no attempt follows any more. */
  readonly over: Promise<never>;
  readonly stop: () => void;
}

/** Tells of a connection that is lost and made again, once each. */
export function watchConnection(hub: Hub, out: Output): Watching {
  let before: ConnectionState['phase'] = 'connecting';
  let lost = false;
  const over = Promise.withResolvers<never>();
  over.promise.catch(() => undefined);
  const stop = hub.subscribe(() => {
    const { connection } = hub.snapshot();
    if (connection.phase === before) return;
    before = connection.phase;
    if (connection.phase === 'closed' && connection.reason !== 'user') over.reject(connection.error);
    if (connection.phase === 'waiting' && !lost) {
      lost = true;
      out.say('The connection is lost: trying again until it works.');
    }
    if (connection.phase === 'live' && lost) {
      lost = false;
      out.say('Connected again.');
    }
  });
  return { over: over.promise, stop };
}
