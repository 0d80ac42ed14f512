import { randomBytes } from 'node:crypto';
import { ChainCheck, type AuditRecord, type Delivery } from '@parley/hub-protocol';
import type { RouteReply } from '@parley/hub-protocol/rest';
import { sharedPostgres, startNode, startRedis, until, type NodeProcess } from '@parley/services';
import { expect, test, vi } from 'vitest';
import { openTestHub, type TestHub, type TestHubOptions, type TestUser } from '../support/hub.ts';
import { startTarget } from '../support/target.ts';

vi.setConfig({ testTimeout: 120_000 });

const program = new URL('../programs/node.ts', import.meta.url);

/** A hub that is known to other processes, too. */
class FaultWorld implements AsyncDisposable {
  readonly hub: TestHub;
  readonly ann: TestUser;
  readonly #env: Readonly<Record<string, string>>;
  readonly #postgres: AsyncDisposable;

  constructor(hub: TestHub, ann: TestUser, env: Readonly<Record<string, string>>, postgres: AsyncDisposable) {
    this.hub = hub;
    this.ann = ann;
    this.#env = env;
    this.#postgres = postgres;
  }

  static async open(given: Readonly<Record<string, string>>, options: TestHubOptions): Promise<FaultWorld> {
    const server = await sharedPostgres();
    const isolation = `f${randomBytes(8).toString('hex')}`;
    const env = { HUB_WEBHOOK_NETWORKS: '127.0.0.0/8', DATABASE_URL: server.url, ...given };
    const hub = await openTestHub('postgres', { ...options, env, isolation });
    const ann = await hub.user('ann', { role: 'owner' });
    const postgres = { [Symbol.asyncDispose]: () => server.drop() };
    return new FaultWorld(hub, ann, { ...env, ISOLATION: isolation, NODE_ENV: 'test' }, postgres);
  }

  /** Another node, which can be killed. */
  async process(): Promise<NodeProcess> {
    const node = await startNode({ script: program, env: this.#env });
    const ready = async (): Promise<boolean> => (await node.output()).includes('ready\n');
    await until(ready, { what: 'the other node is ready', deadline: 60_000, process: node });
    return node;
  }

  async ask<T>(method: string, path: string, body?: object): Promise<T> {
    const answer = await this.hub.ask(method, path, {
      token: this.ann.token,
      ...(body !== undefined && { body }),
    });
    return answer.json<T>();
  }

  async [Symbol.asyncDispose](): Promise<void> {
    await this.hub[Symbol.asyncDispose]();
    await this.#postgres[Symbol.asyncDispose]();
  }
}

class Told {
  readonly #world: FaultWorld;
  readonly #path: string;
  #count = 0;

  constructor(world: FaultWorld, path: string) {
    this.#world = world;
    this.#path = path;
  }

  /** A channel whose messages an address is told of. */
  static async open(world: FaultWorld, url: string): Promise<Told> {
    const { id } = await world.ask<{ id: string }>('POST', '/channels', { kind: 'private', name: 'lab' });
    const path = `/channels/${id}`;
    const body = { name: 'archive', url, events: ['channel.message'] };
    const { webhook } = await world.ask<RouteReply<'createWebhook'>>('POST', `${path}/webhooks`, body);
    return new Told(world, `${path}/webhooks/${webhook.id}`);
  }

  async say(): Promise<void> {
    const [channel = ''] = this.#path.split('/webhooks');
    const body = { content: 'x', clientId: `c${(this.#count += 1)}` };
    await this.#world.ask('POST', `${channel}/messages`, body);
  }

  async deliveries(): Promise<Delivery[]> {
    return (await this.#world.ask<{ items: Delivery[] }>('GET', `${this.#path}/deliveries`)).items;
  }

  async delivered(number: number): Promise<Delivery[]> {
    const all = await until(
      async () => {
        const found = (await this.deliveries()).filter(({ state }) => state === 'delivered');
        return found.length === number ? found : undefined;
      },
      { what: `${number} are delivered`, deadline: 90_000 },
    );
    return all ?? [];
  }
}

test('what a node was telling when it was killed is told by another one, under the same id', async () => {
  await using redis = await startRedis();
  const target = await startTarget();
  try {
    await using world = await FaultWorld.open(
      { CACHE_ADAPTER: 'redis', REDIS_URL: redis.url },
      { webhooks: { lease: '5s' } },
    );
    // This one tells workers what there is to do, and does none of it.
    await world.hub.hub.dispatcher.close(0);
    const told = await Told.open(world, target.url);
    const node = await world.process();
    target.answer = () => undefined;
    await told.say();
    await until(() => target.calls.length > 0, { what: 'the address is called', deadline: 30_000 });
    await node.end('SIGKILL', 0);
    expect(await told.deliveries()).toMatchObject([{ state: 'waiting', attempts: 1, status: null }]);
    target.answer = (_, reply) => void reply.writeHead(200).end();
    await world.hub.another();
    const [delivery] = await told.delivered(1);
    const ids = target.calls.map(({ headers }) => headers['webhook-id']);
    expect(ids).toEqual([delivery?.id, delivery?.id]);
    await node.stop();
  } finally {
    await target.close();
  }
});

test('what is to be told while Redis is away, and what it has lost, is told when it is back', async () => {
  await using redis = await startRedis();
  const target = await startTarget();
  try {
    await using world = await FaultWorld.open(
      { CACHE_ADAPTER: 'redis', REDIS_URL: redis.url },
      // A turn that is under way when Redis dies is lost with it.
      { webhooks: { lostMs: 500, backoff: () => 500, attempts: 100 } },
    );
    const told = await Told.open(world, target.url);
    target.answer = (_, reply) => void reply.writeHead(503).end();
    await told.say();
    await until(async () => (await told.deliveries())[0]?.status === 503, { what: 'it was tried' });
    await redis.kill();
    await told.say();
    target.answer = (_, reply) => void reply.writeHead(200).end();
    await redis.restart({ data: 'wipe' });
    const delivered = await told.delivered(2);
    const ids = new Set(target.calls.map(({ headers }) => headers['webhook-id']));
    expect(ids).toEqual(new Set(delivered.map(({ id }) => id)));
  } finally {
    await target.close();
  }
});

test('a node that is killed while it seals the audit log leaves a chain that another one goes on with', async () => {
  await using world = await FaultWorld.open({}, {});
  const { sealer, tables } = world.hub.hub;
  const sealing = vi.spyOn(sealer, 'seal').mockResolvedValue(0);
  await using node = await world.process();
  // Its transaction has read what waits, and gets no further.
  await tables.db.transaction(async (session) => {
    await session.query({ text: `lock table ${tables.schema}.audit_seals in share mode` }, []);
    for (let i = 0; i < 3; i += 1) {
      const body = { handle: `agent-${i}`, kind: 'agent', displayName: 'Agent' };
      await world.ask('POST', '/users', body);
    }
    await until(async () => (await world.hub.waiting()) > 0, { what: 'it seals', deadline: 30_000 });
    await node.end('SIGKILL', 0);
  });
  const waiting = () => world.hub.tables().selectFrom('audit_unsealed').select('entry_id').execute();
  expect((await waiting()).length).toBeGreaterThan(2);
  sealing.mockRestore();
  await until(async () => (await waiting()).length === 0, { what: 'all is sealed', deadline: 60_000 });
  const { items } = await world.ask<{ items: AuditRecord[] }>('GET', '/audit/chain?after=0&limit=50');
  const check = new ChainCheck();
  for (const record of items) expect(await check.add(record)).toBeUndefined();
  expect(items.length).toBeGreaterThan(2);
});
