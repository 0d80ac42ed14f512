import { sharedRedis, until } from '@parley/services';
import type { LightMyRequestResponse } from 'fastify';
import type { Hub } from '../../src/compose.ts';
import { TestClient, type ClientOptions } from './client.ts';
import { inject, openTestHub, type TestHub, type TestUser } from './hub.ts';
import { Watcher } from './watcher.ts';

export type PresenceStoreKind = 'embedded' | 'postgres' | 'redis';

/** One node where everything is in one process, else two on the same servers: with people, channels, and who watches them. */
export class PresenceWorld implements AsyncDisposable {
  readonly test: TestHub;
  /** Where sockets of each node are. */
  readonly nodes: string[] = [];
  readonly #hubs: Hub[] = [];
  readonly #users = new Map<string, TestUser>();
  readonly #names = new Map<string, string>();
  readonly #clients: TestClient[] = [];

  private constructor(test: TestHub) {
    this.test = test;
  }

  static async open(
    kind: PresenceStoreKind,
    env: Readonly<Record<string, string>> = {},
  ): Promise<PresenceWorld> {
    const world = new PresenceWorld(
      await openTestHub(kind === 'embedded' ? 'embedded' : 'postgres', {
        env: { ...(kind === 'redis' && (await redisEnv())), ...env },
      }),
    );
    const hubs = kind === 'embedded' ? [world.test.hub] : [world.test.hub, await world.test.another()];
    world.#hubs.push(...hubs);
    for (const hub of hubs)
      world.nodes.push(`${(await hub.listen()).replace(/^http/, 'ws').replace(/\/$/, '')}/api/v1/socket`);
    return world;
  }

  /** Connections at all nodes. */
  get sockets(): number {
    return this.#hubs.reduce((sum, { sockets }) => sum + sockets.figures().sockets, 0);
  }

  /** Connections that are gone and might come back, at all nodes. */
  get lost(): number {
    return this.#hubs.reduce((sum, { presence }) => sum + presence.figures().lost, 0);
  }

  /** How many sockets watch, each counted for every channel. */
  get watches(): number {
    return this.#hubs.reduce((sum, { presence }) => sum + presence.figures().watches, 0);
  }

  /** What waits to be taken by sockets. */
  get waitingBytes(): number {
    return this.#hubs.reduce((sum, { sockets }) => sum + sockets.figures().waitingBytes, 0);
  }

  /** Somebody of this name, who is made when there is nobody yet. */
  async user(name: string, facts: Parameters<TestHub['user']>[1] = {}): Promise<TestUser> {
    const known = this.#users.get(name);
    if (known !== undefined) return known;
    const user = await this.test.user(`${name}-${this.#users.size}`, facts);
    this.#users.set(name, user);
    this.#names.set(user.id, name);
    return user;
  }

  /** A channel of its own; the first one makes it. */
  async channel(kind: 'public' | 'private', names: readonly string[]): Promise<string> {
    const [first = '', ...rest] = names;
    const { token } = await this.user(first);
    const members = await Promise.all(rest.map(async (name) => (await this.user(name)).id));
    const body = { kind, name: `c${Math.random().toString(36).slice(2)}`, members };
    const made = await this.test.ask('POST', '/channels', { token, body });
    return made.json<{ id: string }>().id;
  }

  async ask(name: string, method: string, path: string, body?: object): Promise<LightMyRequestResponse> {
    const { token } = await this.user(name);
    return this.test.ask(method, path, { token, ...(body !== undefined && { body }) });
  }

  /** At the node of this number. */
  async askAt(
    node: number,
    name: string,
    method: string,
    path: string,
    body?: object,
  ): Promise<LightMyRequestResponse> {
    const hub = this.#hubs[node] ?? this.test.hub;
    const { token } = await this.user(name);
    return inject(hub, method, `/api/v1${path}`, { token, ...(body !== undefined && { body }) });
  }

  async connect(name: string, node = 0, hello: ClientOptions['hello'] = {}): Promise<TestClient> {
    const { token } = await this.user(name);
    const url = this.nodes[node % this.nodes.length] ?? '';
    const client = await TestClient.open(url, { token, hello });
    this.#clients.push(client);
    await client.first('welcome');
    return client;
  }

  /** Somebody who watches the channel, at the last node. */
  async watch(name: string, channelId: string, node = this.nodes.length - 1): Promise<Watcher> {
    const client = await this.connect(name, node, { subscribe: [] });
    const watcher = new Watcher(client, channelId, (userId) => this.#names.get(userId) ?? userId);
    const answer = await client.ask({ type: 'watch', channelId });
    if (answer.type !== 'ack') throw new Error(`${name} may not watch: ${answer.error.code}`);
    return watcher;
  }

  /** Waits until the store counts so many connections in the channel: a socket joins what it follows a moment after it was welcomed. */
  async joined(channelId: string, connections: number): Promise<void> {
    const { presence } = this.test.hub.parley;
    await until(async () => (await presence.counts([channelId]))[0]?.connections === connections, {
      what: `${connections} connections are in the channel`,
    });
  }

  /** Ends the sockets of a test, as clients do that leave: nobody is waited for. */
  disconnect(): void {
    for (const client of this.#clients.splice(0)) client.ws.close(1000);
  }

  async [Symbol.asyncDispose](): Promise<void> {
    this.disconnect();
    await this.test[Symbol.asyncDispose]();
  }
}

async function redisEnv(): Promise<Readonly<Record<string, string>>> {
  const redis = await sharedRedis();
  return { CACHE_ADAPTER: 'redis', REDIS_URL: redis.url, REDIS_KEY_PREFIX: redis.prefix };
}
