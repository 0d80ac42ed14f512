import type { Redis } from 'ioredis-6';
import { agentNames } from './crowd.ts';

/** The least that a store keeps of somebody who is there: a name for the connection, and whose it is. */
const value = 'connection-0123456789 process-0123456789';

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
        pipeline.hset(prefix + name, agent, value);
        if (tell) pipeline.publish(`${prefix}${name}:told`, agent);
      }
    }
    await pipeline.exec();
  }
}
