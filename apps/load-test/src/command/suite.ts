import type { Ground } from '../target/servers.ts';

/** One of the runs that are kept, and told of on the pages. */
export interface SuiteRun {
  /** Of its file. */
  readonly name: string;
  readonly profile: string;
  readonly on?: Ground;
  /** It takes longer than all others together, and is run when it is named. */
  readonly aside?: true;
}

const aside = true;

/** In the order in which they are run and shown. */
export const suite: readonly SuiteRun[] = [
  { name: 'seeds', profile: 'seeds', on: 'postgres' },
  { name: 'seeds-embedded', profile: 'seeds', on: 'embedded' },
  { name: 'hot-channel', profile: 'hot-channel', on: 'postgres' },
  { name: 'hot-channel-embedded', profile: 'hot-channel', on: 'embedded' },
  { name: 'many-channels', profile: 'many-channels' },
  { name: 'connections', profile: 'connections' },
  { name: 'reconnect-storm', profile: 'reconnect-storm' },
  { name: 'slow-consumer', profile: 'slow-consumer', on: 'postgres' },
  { name: 'slow-consumer-embedded', profile: 'slow-consumer', on: 'embedded' },
  { name: 'node-kill', profile: 'node-kill' },
  { name: 'redis-down', profile: 'redis-down' },
  { name: 'postgres-down', profile: 'postgres-down' },
  { name: 'failover', profile: 'failover' },
  { name: 'redis-failover', profile: 'redis-failover' },
  { name: 'browser', profile: 'browser' },
  { name: 'soak', profile: 'soak', aside },
];
