import { connectHub, type Hub } from '@parley/hub-client';
import { startBalancer } from './balancer.ts';
import { startHub, type HubProcess } from './hub-process.ts';
import { settle, type Resident, type Workspace } from './workspace.ts';

export interface DeploymentOptions {
  readonly nodes: number;
  /** What all nodes are told: where Postgres and Redis are. */
  readonly env?: Readonly<Record<string, string>>;
  /** What starts each of them. @default the hub of today */
  readonly program?: URL;
}

/** Several nodes of one hub, each a process, behind one address; with an owner and some who use it. */
export interface Deployment extends AsyncDisposable {
  readonly nodes: readonly HubProcess[];
  /** Of the balancer. */
  readonly url: string;
  readonly workspace: Workspace;
  /** Members that take part in trials. */
  readonly members: readonly Resident[];
  /** The client of the owner, who reads along everywhere. */
  readonly owner: Hub;
}

const memberCount = 4;

export async function deploy({ nodes: count, env = {}, program }: DeploymentOptions): Promise<Deployment> {
  const opened: AsyncDisposable[] = [];
  const close = async (): Promise<void> => {
    for (const one of opened.splice(0).toReversed()) await one[Symbol.asyncDispose]();
  };
  try {
    // All at once, as an orchestrator starts them on an empty database.
    // The build before knows no such variable.
    const all = { HUB_STREAM_SILENCE: '4', PARLEY_IGNORE: 'HUB_STREAM_SILENCE', ...env };
    const starting = Array.from({ length: count }, () => startHub({ env: all, program }));
    const started = await Promise.allSettled(starting);
    for (const one of started) if (one.status === 'fulfilled') opened.push(one.value);
    const nodes = await Promise.all(starting);
    const balancer = await startBalancer(nodes.map(({ port }) => port));
    opened.push(balancer);
    const [first] = nodes;
    if (first === undefined) throw new RangeError('a deployment has at least one node');
    const workspace = await settle(first);
    const members: Resident[] = [];
    for (let i = 0; i < memberCount; i += 1) members.push(await workspace.add(`member-${i}`));
    const owner = connectHub({ url: balancer.url, token: workspace.owner.token, maxPauseMs: 500 });
    opened.push({ [Symbol.asyncDispose]: async () => owner.close() });
    await owner.ready;
    return { nodes, url: balancer.url, workspace, members, owner, [Symbol.asyncDispose]: close };
  } catch (error) {
    await close();
    throw error;
  }
}
