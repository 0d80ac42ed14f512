import type { PresenceFigures } from '@parley/presence';
import type { HubPresence } from '../presence/hub-presence.ts';
import { figuresOf } from './figures.ts';
import type { Metrics } from './metrics.ts';

export interface PresenceSources {
  readonly stats: () => PresenceFigures;
  readonly figures: HubPresence['figures'];
}

/** Who is here, who watches, and whether what they see is right. */
export function presenceMetrics(metrics: Metrics, { stats, figures }: PresenceSources): void {
  const gauge = (name: string, help: string, read: () => number): void =>
    metrics.gauge(`parley_presence_${name}`, help, read);
  gauge('here', 'Connections that others are told of.', () => figures().here);
  gauge('lost', 'Connections that were lost a moment ago, and may come back.', () => figures().lost);
  gauge('agents', 'Agents that are connected to this node.', () => figures().agents);
  gauge('watched_channels', 'Channels of which somebody on this node hears who is there.', () => {
    return figures().watchedChannels;
  });
  gauge('watches', 'By how many connections, each counted for every channel.', () => figures().watches);
  gauge('agent_watches', 'Connections that hear of agents.', () => figures().agentWatches);
  gauge('entries', 'What this node has registered in the store.', () => stats().entries);
  gauge('waiting', 'What of it the store does not have yet.', () => stats().waiting);
  gauge('followed', 'Places of the store that this node follows.', () => stats().followed);
  gauge('stale', 'Those of them that may not be right.', () => stats().stale);
  figuresOf(metrics, 'parley_presence', 'Of presence', () => {
    const { entries: _, waiting: __, followed: ___, stale: ____, ...counts } = stats();
    return counts;
  });
}
