import type { ParleyWithDatabase } from '@parley/runtime';
import type { Sealer } from '../audit/sealer.ts';
import type { HubPresence } from '../presence/hub-presence.ts';
import type { OpenSockets } from '../socket/open-sockets.ts';
import type { Chat } from '../chat/chat.ts';
import { figuresOf } from './figures.ts';
import { fileMetrics } from './file-metrics.ts';
import type { HubLimits } from '../limits/hub-limits.ts';
import { limitMetrics } from './limit-metrics.ts';
import type { Metrics } from './metrics.ts';
import { presenceMetrics } from './presence-metrics.ts';
import { processMetrics } from './process-metrics.ts';

export interface MetricSources {
  readonly nodeId: string;
  readonly parley: Pick<ParleyWithDatabase, 'cache' | 'bus' | 'presence'>;
  readonly sockets: Pick<OpenSockets, 'figures' | 'frames'>;
  readonly files: Pick<Chat['files'], 'figures'>;
  readonly presence: Pick<HubPresence, 'figures'>;
  readonly limits: Pick<HubLimits, 'figures' | 'policies' | 'nodes'>;
  readonly sealer: Pick<Sealer, 'behindMs'>;
}

/** Everything that a node tells of itself, besides its requests. Answers what ends the watching. */
export function hubMetrics(
  metrics: Metrics,
  { nodeId, parley, sockets, files, presence, limits, sealer }: MetricSources,
): () => void {
  metrics.gauge('parley_node', 'Which node tells this: others of the same hub tell of themselves.', () => [
    [{ node: nodeId }, 1],
  ]);
  metrics.gauge('parley_sockets', 'Open WebSockets.', () => sockets.figures().sockets);
  metrics.gauge('parley_connected_users', 'Users with open WebSockets.', () => sockets.figures().users);
  metrics.gauge(
    'parley_rooms',
    'Channels that somebody follows on this node.',
    () => sockets.figures().rooms,
  );
  metrics.gauge('parley_steady', 'Whether other nodes are heard: 1, or 0 while logs are polled.', () =>
    Number(sockets.figures().steady),
  );
  metrics.total('parley_unsent_total', 'News that the bus did not take.', () => sockets.figures().unsent);
  metrics.total(
    'parley_watch_errors_total',
    'Looks at the database for missed news that failed.',
    () => sockets.figures().watchErrors,
  );
  const { frames } = sockets;
  metrics.total('parley_frames_total', 'Frames over WebSockets, by what they are.', () => frames.frames());
  metrics.total('parley_frame_bytes_total', 'Bytes of frames over WebSockets.', () => frames.bytes());
  metrics.total('parley_frames_refused_total', 'Frames that were answered with an error, by its code.', () =>
    frames.refusals(),
  );
  fileMetrics(metrics, files.figures);
  figuresOf(metrics, 'parley_cache', 'Of the cache', () => parley.cache.stats());
  figuresOf(metrics, 'parley_bus', 'Of the bus', () => parley.bus.stats());
  presenceMetrics(metrics, { stats: () => parley.presence.stats(), figures: presence.figures });
  limitMetrics(metrics, {
    figures: () => limits.figures(),
    policies: () => limits.policies(),
    nodes: () => limits.nodes(),
  });
  metrics.gauge(
    'parley_audit_unsealed_seconds',
    'For how long the oldest entry of the audit log waits for its seal.',
    () => sealer.behindMs / 1_000,
  );
  return processMetrics(metrics);
}
