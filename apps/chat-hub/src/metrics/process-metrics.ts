import { monitorEventLoopDelay } from 'node:perf_hooks';
import type { Metrics } from './metrics.ts';

/** What the process takes, by the names that dashboards for Node know. Answers what ends the watching of the event loop. */
export function processMetrics(metrics: Metrics): () => void {
  const delay = monitorEventLoopDelay({ resolution: 20 });
  delay.enable();
  metrics.total('process_cpu_seconds_total', 'Time on CPUs, of user and system.', () => {
    const { user, system } = process.cpuUsage();
    return (user + system) / 1e6;
  });
  metrics.gauge('process_start_time_seconds', 'When the process began, since 1970.', () =>
    Math.round(Date.now() / 1000 - process.uptime()),
  );
  metrics.gauge('process_resident_memory_bytes', 'Memory in use.', () => process.memoryUsage.rss());
  metrics.gauge(
    'nodejs_heap_size_used_bytes',
    'Memory of the heap in use.',
    () => process.memoryUsage().heapUsed,
  );
  metrics.gauge(
    'nodejs_external_memory_bytes',
    'Memory in use outside of the heap.',
    () => process.memoryUsage().external,
  );
  metrics.gauge(
    'nodejs_eventloop_lag_seconds',
    'How late the event loop was since this was last asked.',
    () => {
      // Without a sample there is none, which is told as NaN.
      const told = [0.5, 0.99, 1].map(
        (quantile) =>
          [{ quantile: String(quantile) }, (delay.percentile(quantile * 100) || 0) / 1e9] as const,
      );
      delay.reset();
      return told;
    },
  );
  return () => delay.disable();
}
