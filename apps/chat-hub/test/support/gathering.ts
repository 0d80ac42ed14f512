import { randomUUID } from 'node:crypto';
import { until } from '@parley/services';
import { TestClient } from './client.ts';
import type { Deployment } from './deployment.ts';
import { Staying } from './staying.ts';
import { Watcher } from './watcher.ts';
import type { Resident } from './workspace.ts';

/** A new channel of a deployment, people who are in it, and who watches them at every node. */
export class Gathering implements AsyncDisposable {
  readonly channelId: string;
  readonly watchers = new Map<number, Watcher>();
  readonly #deployment: Deployment;
  readonly #people: ReadonlyMap<string, Resident>;
  readonly #staying: Staying[] = [];

  private constructor(deployment: Deployment, channelId: string, people: ReadonlyMap<string, Resident>) {
    this.#deployment = deployment;
    this.channelId = channelId;
    this.#people = people;
  }

  static async of(deployment: Deployment, names: readonly string[]): Promise<Gathering> {
    const { workspace, owner } = deployment;
    const people = new Map<string, Resident>();
    const tag = randomUUID().slice(0, 8);
    for (const name of names) people.set(name, await workspace.add(`${name}-${tag}`));
    const members = [...people.values()].map(({ id }) => id);
    const body = { kind: 'private' as const, name: `presence-${tag}`, members };
    const { id } = await owner.call('createChannel', { body });
    const gathering = new Gathering(deployment, id, people);
    for (const node of deployment.nodes.keys()) await gathering.watch(node);
    return gathering;
  }

  /** Somebody begins to watch at this node, anew where somebody did before. The owner is not in the way: they are not told of. */
  async watch(node: number): Promise<Watcher> {
    this.watchers.get(node)?.client.close();
    const { nodes, workspace } = this.#deployment;
    const url = socketOf(nodes[node]?.url ?? '');
    const client = await TestClient.open(url, { token: workspace.owner.token, hello: { subscribe: [] } });
    const nameOf = (userId: string): string =>
      [...this.#people].find(([, { id }]) => id === userId)?.[0] ?? 'the owner';
    const watcher = new Watcher(client, this.channelId, nameOf);
    await client.first('welcome');
    const answer = await client.ask({ type: 'watch', channelId: this.channelId });
    if (answer.type !== 'ack') throw new Error(`it may not be watched: ${answer.error.code}`);
    this.watchers.set(node, watcher);
    return watcher;
  }

  /** Somebody comes, and stays. @param node @default any, by the balancer */
  async enter(name: string, node?: number): Promise<Staying> {
    const { nodes, url } = this.#deployment;
    const first = node === undefined ? undefined : nodes[node]?.url;
    let connections = 0;
    const staying = new Staying({
      // Who comes back is sent wherever there is somebody.
      url: () => socketOf((connections += 1) === 1 && first !== undefined ? first : url),
      token: this.#people.get(name)?.token ?? '',
      session: `session of ${name}`,
    });
    this.#staying.push(staying);
    await staying.here();
    return staying;
  }

  /** Resolves when all who watch see this of somebody. */
  async all(name: string, status: string, deadline = 30_000): Promise<void> {
    await until(() => [...this.watchers.values()].every((watcher) => watcher.statusOf(name) === status), {
      what: `${name} is ${status} at all nodes`,
      deadline,
    });
  }

  async allTyping(names: readonly string[], deadline = 30_000): Promise<void> {
    for (const watcher of this.watchers.values()) await watcher.seesTyping(names, deadline);
  }

  /** What those who watch have noted of somebody since they were asked last, one list for each that differs. */
  notes(name: string): string[][] {
    const lists = [...this.watchers.values()].map((watcher) => watcher.of(name).join(', '));
    return [...new Set(lists)].map((list) => (list === '' ? [] : list.split(', ')));
  }

  forget(): void {
    for (const watcher of this.watchers.values()) watcher.take();
  }

  async [Symbol.asyncDispose](): Promise<void> {
    await Promise.all(this.#staying.map((one) => one.crash()));
    for (const { client } of this.watchers.values()) client.close();
  }
}

function socketOf(url: string): string {
  return `${url.replace(/^http/, 'ws').replace(/\/$/, '')}/api/v1/socket`;
}
