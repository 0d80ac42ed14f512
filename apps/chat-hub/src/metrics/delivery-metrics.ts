import type { Metrics } from './metrics.ts';

const seconds = [0.001, 0.002, 0.005, 0.01, 0.02, 0.05, 0.1, 0.2, 0.5, 1, 2, 5];

/** How long it takes from the log to those who follow a channel on this node. What is answered takes the milliseconds of each. */
export function deliveryMetrics(metrics: Metrics): (ms: number) => void {
  const help = 'How long after it was written something was told to those who follow it on this node.';
  const took = metrics.histogram('parley_delivery_seconds', help, seconds);
  return (ms) => took({}, ms / 1_000);
}
