import type { HubLimits } from '../limits/hub-limits.ts';
import type { Metrics } from './metrics.ts';

/** How often limits were reached, and whether all nodes count together. */
export function limitMetrics(
  metrics: Metrics,
  { figures, policies, nodes }: Pick<HubLimits, 'figures' | 'policies' | 'nodes'>,
): void {
  metrics.gauge(
    'parley_limit_allows',
    'What each limit allows, and what holds while the store is away: nothing (open), or the share of this node.',
    () => policies().map(({ name: limit, allows, away }) => [{ limit, away }, allows] as const),
  );
  metrics.gauge('parley_nodes', 'Nodes of this hub, as far as this one knows.', nodes);
  metrics.total('parley_limit_checks_total', 'What limits admitted and denied, by the limit.', () =>
    figures().limits.flatMap(({ name: limit, admitted, denied }) => [
      [{ limit, outcome: 'admitted' }, admitted] as const,
      [{ limit, outcome: 'denied' }, denied] as const,
    ]),
  );
  metrics.total(
    'parley_limit_away_total',
    'Checks that were decided without the store in which all nodes count.',
    () => figures().away,
  );
}
