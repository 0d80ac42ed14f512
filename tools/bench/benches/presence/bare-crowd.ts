import type { Redis } from 'ioredis-6';
import { agentNames, avatarOf } from './crowd.ts';

/** The least that a store keeps of somebody who is there: the connection, whose it is, and what is told of them. */
const valueOf = (agent: string): string =>
  JSON.stringify(['connection-0123456789', 'process-0123456789', { avatar: avatarOf(agent) }]);

export interface BareCrowdOptions {
  /** Whether others are told of each. */
  readonly tell: boolean;
}

/** Everybody in each of the channels: a hash for each channel, a pipeline for some of them. */
export async function bareCrowd(
  redis: Redis,
  prefix: string,
  names: readonly string[],
  { tell }: BareCrowdOptions,
): Promise<void> {
  const atOnce = 5;
  for (let i = 0; i < names.length; i += atOnce) {
    const pipeline = redis.pipeline();
    for (const name of names.slice(i, i + atOnce)) {
      for (const agent of agentNames) {
        pipeline.hset(prefix + name, agent, valueOf(agent));
        if (tell) pipeline.publish(`${prefix}${name}:told`, agent);
      }
    }
    await pipeline.exec();
  }
}
