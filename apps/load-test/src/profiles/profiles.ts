import { connections, reconnectStorm, slowConsumer } from './connecting.ts';
import { browser } from './looking.ts';
import { nodeKill, postgresDown, redisDown } from './failing.ts';
import { failover, redisFailover } from './failing-over.ts';
import type { Profile } from './profile.ts';
import { hotChannel, manyChannels, quick, seeds, soak } from './speaking.ts';

export const profiles: readonly Profile[] = [
  quick,
  seeds,
  hotChannel,
  manyChannels,
  connections,
  reconnectStorm,
  slowConsumer,
  nodeKill,
  redisDown,
  postgresDown,
  failover,
  redisFailover,
  browser,
  soak,
];
