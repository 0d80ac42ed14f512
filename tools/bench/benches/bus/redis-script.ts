import type { Redis } from 'ioredis-6';

/** The least that keeps a history and tells of it: counts, appends, publishes. */
const lua = `
local offset = redis.call('HINCRBY', KEYS[1], 'top', 1)
redis.call('XADD', KEYS[2], 'MAXLEN', '~', 10000, offset .. '-0', 'b', ARGV[1])
redis.call('PUBLISH', ARGV[2], offset .. ' ' .. ARGV[1])
return offset`;

export type BareAppend = (channel: string, body: string) => Promise<unknown>;

export async function bareAppend(redis: Redis, prefix: string): Promise<BareAppend> {
  const sha = String(await redis.script('LOAD', lua));
  return (channel, body) =>
    redis.evalsha(
      sha,
      2,
      `${prefix}{${channel}}:meta`,
      `${prefix}{${channel}}:log`,
      body,
      `${prefix}${channel}`,
    );
}
