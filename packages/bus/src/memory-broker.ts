import { systemClock } from '@parley/cache-core/kernel';
import type { Clocked } from '@parley/cache-core/kernel';
import type { Broker } from './broker.ts';
import { MemoryFeeds } from './memory-feed.ts';
import { memoryJobs } from './memory-jobs.ts';
import { memoryStreams } from './memory-streams.ts';

/**
 * A broker in this process: for tests, for programs of one process, and the model that other brokers are held to. Every bus that is given the
 * same instance hears the others, as over a server.
 */
export function memoryBroker({ clock = systemClock }: Clocked = {}): Broker {
  const feeds = new MemoryFeeds();
  const since = clock.now();
  const streams = memoryStreams(clock, feeds);
  const jobs = memoryJobs(clock, feeds);
  return {
    name: 'memory',
    capabilities: { shared: false, maxBodyBytes: 64 * 1024 * 1024, maxBatch: 10_000, maxInFlight: 16 },
    streams,
    jobs,
    send: async (signals) => feeds.signal(signals),
    open: (listener) => feeds.open(listener),
    health: async () => ({ status: 'up', since, details: { channels: streams.size, followed: feeds.size } }),
  };
}
