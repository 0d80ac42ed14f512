import type { Redis } from 'ioredis-6';

/** What a server says of itself. */
async function infoOf(redis: Redis, section: string): Promise<[name: string, value: string][]> {
  const lines = (await redis.info(section)).split('\r\n');
  return lines.flatMap((line) => {
    const [name, value] = line.split(':');
    return name === undefined || value === undefined ? [] : [[name, value]];
  });
}

/** What it holds, in MB. */
export async function usedMB(redis: Redis): Promise<number> {
  const used = (await infoOf(redis, 'memory')).find(([name]) => name === 'used_memory')?.[1];
  if (used === undefined) throw new Error('the server does not say what it holds');
  return Number(used) / 1e6;
}

export interface Commands {
  /** Calls of scripts: what a client has sent. */
  readonly sent: number;
  /** All others: what the scripts called, and whatever was sent without one. */
  readonly others: number;
}

/** All that the server has carried out, up to this question. */
export async function commandsOf(redis: Redis): Promise<Commands> {
  let [sent, others] = [0, 0];
  for (const [name, value] of await infoOf(redis, 'commandstats')) {
    const calls = Number(/^calls=(\d+)/u.exec(value)?.[1] ?? 0);
    if (name === 'cmdstat_evalsha') sent += calls;
    else others += calls;
  }
  return { sent, others };
}
