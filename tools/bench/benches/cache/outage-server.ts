import { startProxy, startRedis } from '@parley/services';

export type OutageKind = 'refused' | 'blackhole' | 'hung';

export interface Outage {
  readonly url: string;
  begin(): Promise<void>;
  end(): Promise<void>;
  stop(): Promise<void>;
}

/** A Redis of its own that will be away. */
export async function startOutage(kind: OutageKind): Promise<Outage> {
  const redis = await startRedis();
  const proxy = await startProxy({ target: redis });
  return {
    url: proxy.url,
    async begin() {
      if (kind === 'hung') {
        await redis.pause();
      } else if (kind === 'blackhole') {
        proxy.blackHole();
      } else {
        proxy.refuse();
        proxy.cut();
      }
    },
    async end() {
      if (kind === 'hung') await redis.resume();
      else await proxy.heal();
    },
    async stop() {
      await proxy.close();
      await redis.stop();
    },
  };
}
