import type { Measured } from '../measure/processes.ts';
import { hubWithToken, ownHub, type HubApi } from './hub-api.ts';
import { startHubNode, type HubNode } from './hub-node.ts';
import { openServers, type Ground, type Servers, type Spare } from './servers.ts';

/** A hub under load. */
export interface Target extends AsyncDisposable, Omit<Servers, 'env'> {
  readonly ground: Ground | 'foreign';
  readonly urls: readonly string[];
  readonly api: HubApi;
  /** What follows is of our own hub only. */
  readonly nodes: readonly HubNode[];
}

export interface OwnTargetOptions {
  readonly ground: Ground;
  readonly nodes: number;
  readonly spare?: Spare | undefined;
  readonly profile?: string | undefined;
}

/** A hub and its servers, which end with it. */
export async function openOwnTarget({
  ground,
  nodes: count,
  spare,
  profile,
}: OwnTargetOptions): Promise<Target> {
  const opened: AsyncDisposable[] = [];
  const close = async (): Promise<void> => {
    for (const one of opened.splice(0).toReversed()) await one[Symbol.asyncDispose]();
  };
  const own = <T extends AsyncDisposable>(one: T): T => {
    opened.push(one);
    return one;
  };
  try {
    const { env, ...servers } = await openServers({ ground, spare, own });
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
      ...servers,
      measured: [...hubsOf(nodes), ...servers.measured],
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

function hubsOf(nodes: readonly HubNode[]): Measured[] {
  return nodes.map((node, i) => ({ name: `hub-${i + 1}`, role: 'hub', pid: node.pid }));
}
