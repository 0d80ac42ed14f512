import type { Metrics } from '../metrics/metrics.ts';

export interface HttpMetrics {
  readonly answered: (route: string, status: number, ms: number) => void;
}

const seconds = [0.002, 0.005, 0.01, 0.025, 0.05, 0.1, 0.25, 0.5, 1, 2.5, 5, 10];

export function httpMetrics(metrics: Metrics): HttpMetrics {
  const took = metrics.histogram('parley_http_request_seconds', 'How long requests took.', seconds);
  return { answered: (route, status, ms) => took({ route, status: String(status) }, ms / 1000) };
}
