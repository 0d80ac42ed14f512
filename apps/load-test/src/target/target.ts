import { startPostgres, startRedis, type PostgresServer, type RedisServer } from '@parley/services';
import type { Measured } from '../measure/processes.ts';
import { hubWithToken, ownHub, type HubApi } from './hub-api.ts';
import { startHubNode, type HubNode } from './hub-node.ts';

export const grounds = ['embedded', 'postgres', 'redis'] as const;
/** What our own hub stands on: its embedded Postgres, a Postgres, or a Postgres and a Redis. */
export type Ground = (typeof grounds)[number];

/** A hub under load. */
export interface Target extends AsyncDisposable {
  readonly ground: Ground | 'foreign';
  readonly urls: readonly string[];
  readonly api: HubApi;
  /** What follows is of our own hub only. */
  readonly nodes: readonly HubNode[];
  readonly postgres?: PostgresServer | undefined;
  readonly redis?: RedisServer | undefined;
  readonly measured: readonly Measured[];
}

export interface OwnTargetOptions {
  readonly ground: Ground;
  readonly nodes: number;
  readonly profile?: string | undefined;
}

/** A hub and its servers, which end with it. Postgres flushes before it acknowledges, as it does for whoever runs a hub. */
export async function openOwnTarget({ ground, nodes: count, profile }: OwnTargetOptions): Promise<Target> {
  const opened: AsyncDisposable[] = [];
  const close = async (): Promise<void> => {
    for (const one of opened.splice(0).toReversed()) await one[Symbol.asyncDispose]();
  };
  const own = <T extends AsyncDisposable>(one: T): T => {
    opened.push(one);
    return one;
  };
  try {
    const postgres = ground === 'embedded' ? undefined : own(await startPostgres({ durable: true }));
    const redis = ground === 'redis' ? own(await startRedis()) : undefined;
    const env = {
      ...(postgres !== undefined && { DATABASE_URL: postgres.url }),
      ...(redis !== undefined && { REDIS_URL: redis.url }),
    };
    const nodes: HubNode[] = [];
    for (let i = 0; i < count; i += 1)
      nodes.push(own(await startHubNode({ name: `hub-${i + 1}`, env, profile })));
    const [first] = nodes;
    if (first === undefined) throw new RangeError('a hub has at least one node');
    return {
      ground,
      urls: nodes.map(({ url }) => url),
      api: await ownHub(first.url, await first.setupCode()),
      nodes,
      postgres,
      redis,
      measured: measuredOf({ nodes, postgres, redis }),
      [Symbol.asyncDispose]: close,
    };
  } catch (error) {
    await close();
    throw error;
  }
}

export function foreignTarget(url: string, token: string): Target {
  return {
    ground: 'foreign',
    urls: [url],
    api: hubWithToken(url, token),
    nodes: [],
    measured: [],
    async [Symbol.asyncDispose]() {},
  };
}

function measuredOf({ nodes, postgres, redis }: Pick<Target, 'nodes' | 'postgres' | 'redis'>): Measured[] {
  const hubs = nodes.map((node, i) => ({ name: `hub-${i + 1}`, role: 'hub', pid: node.pid }) as const);
  return [
    ...hubs,
    ...(postgres ? [{ name: 'postgres', role: 'postgres', pid: () => postgres.pid } as const] : []),
    ...(redis ? [{ name: 'redis', role: 'redis', pid: () => redis.pid } as const] : []),
  ];
}
